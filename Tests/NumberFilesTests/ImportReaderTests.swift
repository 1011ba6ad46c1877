import Inventory
import NumberFiles
import Testing
import Threads

@Suite struct ImportReaderTests {
    @Test func readsATable() async throws {
        #expect(
            try await numbers(table) == [
                "2 | - | +55 84 91234-4321 | 0.03 | 3.40 | U$",
                "3 | - | +55 84 91234-4322 | 1.50 | 0.00 | R$",
            ])
        #expect(try await errors(table) == [])
    }

    @Test(arguments: ["\n", "\r\n"], [",", ";"])
    func readsWhatSpreadsheetsWrite(end: String, separator: String) async throws {
        let mark = separator == ";" ? "\u{FEFF}" : ""
        let text = table.replacing("\n", with: end).replacing(",", with: separator)
        #expect(try await numbers(mark + text) == numbers(table))
        #expect(try await numbers(mark + text.trimmingSuffix(end)) == numbers(table))
        #expect(try await numbers(mark + end + end + text) == numbers("\n\n" + table))
        #expect(
            try await numbers(mark + text + ",,,".replacing(",", with: separator) + end).count == 2)
    }

    @Test func columnsMayBeInAnyOrderAndQuoted() async throws {
        let text = """
            currency,"id",setupPrice,"value", monthyPrice
            U$,,"3.40","+55 84 91234-4321",0.03
            U$,42,3.40,+55 84 91234-4322,0.03
            """
        #expect(
            try await numbers(text) == [
                "2 | - | +55 84 91234-4321 | 0.03 | 3.40 | U$",
                "3 | 42 | +55 84 91234-4322 | 0.03 | 3.40 | U$",
            ])
    }

    @Test func removesTheApostropheBeforeAFormula() async throws {
        let text = header + "'+55 84 91234-4321,0.03,3.40,U$\n"
        #expect(try await numbers(text) == ["2 | - | +55 84 91234-4321 | 0.03 | 3.40 | U$"])
        // The reader removes one apostrophe only, and only before a possible formula.
        #expect(try await errors(header + "''+55 84 91234-4321,'0.03,3.40,U$\n").count == 1)
    }

    @Test func readsAnObjectInEachLine() async throws {
        let text = """
            {"value":"+55 84 91234-4321","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}

            {"id":7,"value":"+55 84 91234-4322","monthyPrice":"1.5","setupPrice":"0","currency":"R$"}
            """
        let expected = [
            "1 | - | +55 84 91234-4321 | 0.03 | 3.40 | U$",
            "3 | 7 | +55 84 91234-4322 | 1.50 | 0.00 | R$",
        ]
        #expect(try await numbers(text, .ndjson) == expected)
        #expect(try await numbers(text.replacing("\n", with: "\r\n"), .ndjson) == expected)
        #expect(try await numbers("", .ndjson) == [])
    }

    @Test func readsAnArray() async throws {
        let text = """
            \u{FEFF} [
              {"value": "+55 84 91234-4321", "monthyPrice": "0.03",
               "setupPrice": "3.40", "currency": "\\u0055$"},
              {"id": "7", "value": "+55 84 91234-4322", "monthyPrice": "1.5", "setupPrice": "0",
               "currency": "R$"} ]

            """
        #expect(
            try await numbers(text, .json) == [
                "2 | - | +55 84 91234-4321 | 0.03 | 3.40 | U$",
                "4 | 7 | +55 84 91234-4322 | 1.50 | 0.00 | R$",
            ])
        #expect(try await numbers("[]", .json) == [])
        #expect(try await errors(#"[{"a":"]},[{\""}]"#, .json).first?.hasPrefix("1 value") == true)
    }

    @Test(arguments: [FileFormat.csv, .ndjson, .json])
    func updateMayHaveSomeMembers(format: FileFormat) async throws {
        let text =
            switch format {
            case .csv, .xlsx: "id,setupPrice\n7,1\n"
            case .ndjson: #"{"id":7,"setupPrice":"1"}"#
            case .json: #"[{"id":7,"setupPrice":"1"}]"#
            }
        let line = format == .csv ? 2 : 1
        #expect(try await numbers(text, format, .update) == ["\(line) | 7 | - | - | 1.00 | -"])
    }

    @Test(arguments: [1, 2, 3, 7, 64])
    func piecesMayEndAnywhere(size: Int) async throws {
        let texts: [(String, FileFormat)] = [
            ("\u{FEFF}\r\n" + table.replacing("\n", with: "\r\n"), .csv),
            ("\u{FEFF}value;monthyPrice;setupPrice;currency\n\"+55 \"\"84\";1;2;€\nx", .csv),
            ("{\"currency\":\"€\\\"\"}\r\n\n[1]\n{", .ndjson),
            ("\u{FEFF}[{\"currency\":\"€\\\"\"},\n[\"]\"], 7 ]\n", .json),
        ]
        for (text, format) in texts {
            let whole = try await rows(text, format)
            #expect(try await rows(Array(text.utf8), format, pieces: size) == whole)
        }
    }

    @Test func readingStopsAfterTenThousandErrors() async throws {
        let bad = String(repeating: "+55 84 91234-4321,1.2.3,1,U$\n", count: 50_000)
        // The reader stops before the last byte, which is invalid.
        let bytes = Array((table + bad).utf8) + [0xFF]
        let rows = try await rows(bytes, .csv, pieces: 64 * 1024)
        let errors = rows.compactMap { row in
            if case .invalid(let errors) = row { errors } else { nil }
        }
        #expect((10_000...30_000).contains(errors.count))
        // All errors that a report may list must have messages.
        #expect(errors[99].first?.error.detail.contains("thousands") == true)
    }

    @Test func cancelledReaderStops() async throws {
        let bytes = Array((table + String(repeating: table, count: 10_000)).utf8)
        let task = Task { try await rows(bytes, .csv) }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
}

extension StringProtocol {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : String(self)
    }
}
