import Inventory
import NumberFiles
import Testing

/// The bounds of files.
@Suite struct ImportBoundTests {
    @Test(arguments: [FileFormat.csv, .ndjson])
    func twoMillionEmptyLinesAreIgnored(format: FileFormat) async throws {
        let start = ContinuousClock.now
        let lines = [UInt8](repeating: UInt8(ascii: "\n"), count: 1_000_000)
        let text = format == .csv ? Array(table.utf8) : []
        let rows = try await rows(lines + text + lines, format, pieces: 64 * 1024)
        #expect(rows.count == (format == .csv ? 2 : 0))
        if case .number(let line, _, _)? = rows.first { #expect(line == 1_000_002) }
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func longRowIsAnError() async throws {
        let header = "value,monthyPrice,setupPrice,currency\n"
        let long = String(repeating: "x", count: 70_000)
        let good = "+55 84 91234-4322,1,2,R$\n"
        #expect(
            try await errors(header + long + ",1,1,U$\n" + good) == ["2 row is longer than 64 KiB"])
        #expect(try await numbers(header + long + ",1,1,U$\n" + good).count == 1)
        #expect(
            try await errors(header + "\"" + long + "\",1,1,U$\n" + good)
                == ["2 row has a quote that is not closed within 64 KiB"])
        #expect(
            try await errors(header + "\"" + String(repeating: "\n", count: 70_000))
                == ["2 row has a quote that is not closed within 64 KiB"])
        #expect(try await errors(long).first?.hasPrefix("1 row is longer") == true)
        #expect(
            try await errors("{\"a\":\"" + long + "\"}\n[]", .ndjson)
                == ["1 row is longer than 64 KiB", "2 row must be one JSON object"])
        #expect(
            try await errors("[{\"a\":\"" + long + "\"},\n1]", .json)
                == ["1 row is longer than 64 KiB", "2 row must be one JSON object"])
    }

    @Test func unknownColumnsBeyondTwentyAreNotNamed() async throws {
        let header =
            "value,monthyPrice,setupPrice,currency,"
            + (1...60).map { "c\($0)" }.joined(separator: ",")
        #expect(try await errors(header).count == 20)
    }

    @Test func tooManyColumnsAreAnError() async throws {
        let header = "value" + String(repeating: ",value", count: 64)
        #expect(try await errors(header) == ["1 row has 65 columns: 64 at most"])
    }

    @Test func rowsBeyondTheBoundAreNotRead() async throws {
        let row = "+55 84 91234-4321,1,1,U$\n"
        let text = "value,monthyPrice,setupPrice,currency\n" + String(repeating: row, count: 12)
        let rows = try await rows(Array(text.utf8), .csv, mostRows: 10)
        #expect(rows.count == 11)
        #expect(
            rows.last
                == .invalid(
                    line: 12,
                    [FieldError(field: nil, detail: "is one too many: a file may have 10 rows")]))
    }
}
