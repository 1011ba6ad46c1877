import Inventory
import NumberFiles
import Testing

@Suite struct ImportBoundTests {
    @Test(arguments: [FileFormat.csv, .ndjson])
    func halfAMillionEmptyLinesAreIgnored(format: FileFormat) async throws {
        let start = ContinuousClock.now
        let lines = [UInt8](repeating: UInt8(ascii: "\n"), count: 250_000)
        let text = format == .csv ? Array(table.utf8) : []
        let rows = try await rows(lines + text + lines, format, pieces: 64 * 1024)
        #expect(rows.count == (format == .csv ? 2 : 0))
        if case .number(let line, _, _, _)? = rows.first { #expect(line == 250_002) }
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    private static let long = String(repeating: "x", count: 70_000)
    private static let good = "+55 84 91234-4322,1,2,R$\n"
    private static let unclosed = "row has a quote that is not closed within 64 KiB"
    private static let tooLong = "row is longer than 64 KiB"

    @Test(arguments: [
        (FileFormat.csv, header + long + ",1,1,U$\n" + good, ["2 \(tooLong)"], 1),
        (.csv, header + "\"" + long + "\",1,1,U$\n" + good, ["2 \(unclosed)"], 0),
        (.csv, header + "\"" + String(repeating: "\n", count: 70_000), ["2 \(unclosed)"], 0),
        (.csv, long, ["1 \(tooLong)"], 0),
        (
            .ndjson, "{\"a\":\"" + long + "\"}\n[]",
            ["1 \(tooLong)", "2 row must be one JSON object"], 0
        ),
        (
            .json, "[{\"a\":\"" + long + "\"},\n1]",
            ["1 \(tooLong)", "2 row must be one JSON object"], 0
        ),
    ])
    func longRowIsAnError(
        format: FileFormat, text: String, expected: [String], count: Int
    ) async throws {
        #expect(try await errors(text, format) == expected)
        #expect(try await numbers(text, format).count == count)
    }

    @Test func unknownColumnsBeyondTwentyAreNotNamed() async throws {
        let columns = (1...60).map { "c\($0)" }.joined(separator: ",")
        #expect(try await errors(String(header.dropLast()) + "," + columns).count == 20)
    }

    @Test func tooManyColumnsAreAnError() async throws {
        let columns = "value" + String(repeating: ",value", count: 64)
        #expect(
            try await errors(columns) == ["1 row has 65 columns: remove some, because 64 are read"])
    }

    @Test func rowsBeyondTheBoundAreNotRead() async throws {
        let row = "+55 84 91234-4321,1,1,U$\n"
        let text = header + String(repeating: row, count: 12)
        let rows = try await rows(Array(text.utf8), .csv, mostRows: 10)
        #expect(rows.count == 11)
        #expect(
            rows.last
                == .invalid([
                    ImportError(
                        line: 12,
                        error: FieldError(
                            field: nil, detail: "is one too many: a file may have 10 rows"))
                ]))
    }
}
