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
    try await rows(text, format, mode).flatMap { row -> [String] in
        guard case .invalid(let line, let errors) = row else { return [] }
        return errors.map { "\(line) \($0.field ?? "row") \($0.detail)" }
    }
}

/// The line, id and members of each valid row in `text`.
func numbers(
    _ text: String, _ format: FileFormat = .csv, _ mode: ImportMode = .create
) async throws -> [String] {
    try await rows(text, format, mode).compactMap { row in
        guard case .number(let line, let id, let patch) = row else { return nil }
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

/// - Parameter pieces: How many bytes arrive at once.
func read(
    _ bytes: [UInt8], _ format: FileFormat, _ mode: ImportMode = .create,
    decimal: CSVStyle.DecimalSeparator? = nil, pieces: Int = .max, mostRows: Int = .max
) async throws -> (rows: [ImportRow], decimal: CSVStyle.DecimalSeparator?) {
    var file = FilePieces(pieceBytes: min(pieces, 128 * 1024))
    var rest = bytes[...]
    while !rest.isEmpty {
        file.append(rest.prefix(pieces))
        rest = rest.dropFirst(pieces)
    }
    let reader = ImportReader(
        file, format, mode: mode, numberCheck: .possible, decimal: decimal, mostRows: mostRows,
        threads: threads)
    let rows = try await reader.readRows()
    #expect(Array(rows) == Array(rows))
    return (rows.flatMap(\.self), reader.decimal)
}
