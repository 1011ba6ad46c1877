import Inventory
import NumberFiles
import Testing
import Threads

let header = "value,monthyPrice,setupPrice,currency\n"

let table = """
    \(header)\
    +55 84 91234-4321,0.03,3.40,U$
    +55 84 91234-4322,1.5,0,R$

    """

/// The line, member and message of each error in `text`.
func errors(
    _ text: String, _ format: FileFormat = .csv, _ mode: ImportMode = .create
) async throws -> [String] {
    rowErrors(of: try await rows(text, format, mode))
}

func rowErrors(of rows: [ImportRow]) -> [String] {
    rows.flatMap { row -> [String] in
        guard case .invalid(let errors) = row else { return [] }
        return errors.map { "\($0.line) \($0.error.field ?? "row") \($0.error.detail)" }
    }
}

/// The line, id and members of each valid row in `text`.
func numbers(
    _ text: String, _ format: FileFormat = .csv, _ mode: ImportMode = .create
) async throws -> [String] {
    try await rows(text, format, mode).compactMap { row in
        guard case .number(let line, let id, let patch, _) = row else { return nil }
        let members = [
            patch.value?.formatted, patch.monthyPrice?.description,
            patch.setupPrice?.description, patch.currency?.symbol,
        ]
        return ([String(line), id.map(String.init) ?? "-"] + members.map { $0 ?? "-" })
            .joined(separator: " | ")
    }
}

// Many tests read at once, so the queue is long.
private let threads = BlockingThreadPool(count: 2, mostWaiting: 10_000)

func rows(
    _ text: String, _ format: FileFormat = .csv, _ mode: ImportMode = .create
) async throws -> [ImportRow] {
    try await rows(Array(text.utf8), format, mode)
}

func rows(
    _ bytes: [UInt8], _ format: FileFormat, _ mode: ImportMode = .create, pieces: Int = .max,
    mostRows: Int = .max
) async throws -> [ImportRow] {
    try await read(bytes, format, mode, pieces: pieces, mostRows: mostRows).rows
}

func read(
    _ bytes: [UInt8], _ format: FileFormat, _ mode: ImportMode = .create,
    decimal: CSVStyle.DecimalSeparator? = nil, pieces: Int = .max, mostRows: Int = .max
) async throws -> (rows: [ImportRow], decimal: CSVStyle.DecimalSeparator?) {
    let options = ImportOptions(
        format: format, mode: mode, numberCheck: .possible, decimal: decimal)
    let result = try await read(bytes, options, pieces: pieces, mostRows: mostRows)
    return (result.rows, result.form.decimal)
}

/// - Parameter pieces: How many bytes arrive at once.
func read(
    _ bytes: [UInt8], _ options: ImportOptions, pieces: Int = .max, mostRows: Int = .max
) async throws -> (rows: [ImportRow], form: FileForm) {
    var file = FilePieces(pieceBytes: min(pieces, 128 * 1024))
    var rest = bytes[...]
    while !rest.isEmpty {
        file.append(rest.prefix(pieces))
        rest = rest.dropFirst(pieces)
    }
    let reader = ImportReader(file, options, mostRows: mostRows, threads: threads)
    let rows = try await reader.readRows()
    #expect(Array(rows) == Array(rows))
    return (rows.flatMap(\.self), reader.form)
}
