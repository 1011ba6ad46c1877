import Inventory
import NumberFiles
import StoreTesting
import Testing
import Threads

/// What becomes of the rows of a file, good ones and bad ones.
@Suite struct ImportReaderTests {
    private static let csv = """
        value,monthyPrice,setupPrice,currency
        +55 84 91234-4321,0.03,3.40,U$
        +55 84 91234-4322,1.5,0,R$

        """

    private func faults(
        _ text: String, _ format: FileFormat = .csv, _ mode: ImportMode = .create
    ) async throws -> [String] {
        try await rows(text, format, mode).flatMap { row -> [String] in
            guard case .faulty(let line, let faults) = row else { return [] }
            return faults.map { "\(line) \($0.field ?? "row") \($0.detail)" }
        }
    }

    private func numbers(
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

    // MARK: What is read

    @Test func readsATable() async throws {
        #expect(
            try await numbers(Self.csv) == [
                "2 | - | +55 84 91234-4321 | 0.03 | 3.40 | U$",
                "3 | - | +55 84 91234-4322 | 1.50 | 0.00 | R$",
            ])
        #expect(try await faults(Self.csv) == [])
    }

    @Test(arguments: ["\n", "\r\n"], [",", ";"])
    func readsWhatSpreadsheetsWrite(end: String, separator: String) async throws {
        let mark = separator == ";" ? "\u{FEFF}" : ""
        let text = Self.csv.replacing("\n", with: end).replacing(",", with: separator)
        #expect(try await numbers(mark + text) == numbers(Self.csv))
        #expect(try await numbers(mark + text.trimmingSuffix(end)) == numbers(Self.csv))
        #expect(try await numbers(mark + end + end + text) == numbers("\n\n" + Self.csv))
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

    @Test func aPriceMayHaveADecimalCommaWhereThatIsNoSeparator() async throws {
        let text = "value;monthyPrice;setupPrice;currency\n+55 84 91234-4321;0,03;3.4;U$\n"
        #expect(try await numbers(text) == ["2 | - | +55 84 91234-4321 | 0.03 | 3.40 | U$"])
        #expect(
            try await faults(
                "value,monthyPrice,setupPrice,currency\n+55 84 91234-4321,\"0,03\",3.4,U$\n")
                == ["2 monthyPrice must use a dot as the decimal separator: 0.03"])
        #expect(
            try await faults(
                "value;monthyPrice;setupPrice;currency\n+55 84 91234-4321;1,234,567;1.234,5;U$\n")
                == [
                    "2 monthyPrice must not contain thousands separators",
                    "2 setupPrice must not contain thousands separators",
                ])
    }

    @Test func takesOffWhatKeepsACellFromBeingAFormula() async throws {
        let text = "value,monthyPrice,setupPrice,currency\n'+55 84 91234-4321,0.03,3.40,U$\n"
        #expect(try await numbers(text) == ["2 | - | +55 84 91234-4321 | 0.03 | 3.40 | U$"])
        // One apostrophe, and only where a formula could begin behind it.
        #expect(
            try await faults(
                "value,monthyPrice,setupPrice,currency\n''+55 84 91234-4321,'0.03,3.40,U$\n"
            ).count == 2)
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
        #expect(try await faults(#"[{"a":"]},[{\""}]"#, .json).first?.hasPrefix("1 value") == true)
    }

    @Test(arguments: [FileFormat.csv, .ndjson, .json])
    func anUpdateMayHaveSomeMembersOnly(format: FileFormat) async throws {
        let text =
            switch format {
            case .csv: "id,setupPrice\n7,1\n"
            case .ndjson: #"{"id":7,"setupPrice":"1"}"#
            case .json: #"[{"id":7,"setupPrice":"1"}]"#
            }
        let line = format == .csv ? 2 : 1
        #expect(try await numbers(text, format, .update) == ["\(line) | 7 | - | - | 1.00 | -"])
    }

    // MARK: What is refused

    @Test(arguments: [
        (
            "",
            "1 row has no header: the first line must name value, monthyPrice, setupPrice, currency"
        ),
        (
            "+55 84 91234-4321,0.03,3.40,U$\n",
            "1 row has no header: the first line must name value, monthyPrice, setupPrice, currency"
        ),
        ("value,monthlyPrice,setupPrice,currency\n", "1 monthyPrice is required"),
        ("value,monthyPrice,setupPrice\n", "1 currency is required"),
        ("value,monthyPrice,setupPrice,currency,currency\n", "1 currency is given twice"),
        ("id,id,value,monthyPrice,setupPrice,currency\n", "1 id is given twice"),
        (
            "value,monthyPrice,setupPrice,currency,colour\n",
            "1 colour is not a member of a number: those are value, monthyPrice, setupPrice, currency"
        ),
        (
            "value\tmonthyPrice\tsetupPrice\tcurrency\n",
            "1 row has no header: the first line must name value, monthyPrice, setupPrice, currency"
        ),
        ("\"value,monthyPrice", "1 row has a quote that is never closed"),
    ])
    func aHeaderThatIsWrongIsTheOnlyFault(text: String, fault: String) async throws {
        let faults = try await faults(text + "nonsense\n,,,\n")
        #expect(faults.first == fault)
        #expect(faults.allSatisfy { $0.hasPrefix("1 ") })
    }

    @Test func anUnknownColumnIsToldWithItsLikelyName() async throws {
        #expect(
            try await faults("value,monthlyPrice,setupPrice,currency\n") == [
                "1 monthyPrice is required",
                "1 monthlyPrice is not a member of a number; did you mean monthyPrice?",
            ])
    }

    @Test(arguments: [
        ("+55 84 91234-4321,0.03,3.40", "2 row has 3 cells, and the header 4"),
        ("+55 84 91234-4321,0.03,3.40,U$,", "2 row has 5 cells, and the header 4"),
        ("+55 84 91234-4321,0.03,3.40,\"U$", "2 row has a quote that is never closed"),
        (
            "+55 84 91234-4321,0.03,3.40,U\"$",
            "2 row has a quote inside a cell that does not begin with one"
        ),
        ("+55 84 91234-4321,0.03,3.40,\"U\"$", "2 row has text behind a closing quote"),
        ("+55 84 91234-4321,0.03,,U$", "2 setupPrice must not be empty"),
        ("55 84 91234-4321,0.03,3.40,U$", "2 value must start with + and the country code"),
        ("+55 84 91234-4321,-1,3.40,U$", "2 monthyPrice must not be negative"),
        (
            "+55 84 91234-4321,0.03,3.40,banana",
            "2 currency must be an ISO 4217 code such as BRL or a sign such as U$"
        ),
    ])
    func aRowThatIsWrongIsToldAndTheOthersAreRead(row: String, fault: String) async throws {
        let header = "value,monthyPrice,setupPrice,currency\n"
        #expect(try await faults(header + row) == [fault])
        guard !fault.contains("never closed") else { return }
        #expect(
            try await numbers(header + row + "\n+55 84 91234-4322,1,2,R$\n")
                == ["3 | - | +55 84 91234-4322 | 1.00 | 2.00 | R$"])
    }

    @Test func aRowWithLineBreaksIsAtItsFirstLine() async throws {
        let header = "value,monthyPrice,setupPrice,currency\r\n"
        #expect(
            try await faults(header + "\"+55\r\n84\",0.03,3.40,U$\r\n,1,1,U$\r\n").map {
                $0.prefix(7)
            }
                == ["2 value", "4 value"])
    }

    @Test(arguments: ["0", "-1", "07", "1.5", "x", "9223372036854775808"])
    func anIDMustBeOne(id: String) async throws {
        #expect(
            try await faults(
                "id,value,monthyPrice,setupPrice,currency\n\(id),+55 84 91234-4321,1,1,U$\n")
                == ["2 id must be the id of a number, such as 42, or be left out"])
    }

    @Test func lineOfJSONThatIsNoneIsToldAndTheOthersAreRead() async throws {
        let good =
            #"{"value":"+55 84 91234-4321","monthyPrice":"1","setupPrice":"1","currency":"U$"}"#
        let text = ["{\"a\":", "[]", good, #"{"value":1}"#].joined(separator: "\n")
        #expect(
            try await faults(text, .ndjson) == [
                "1 row is not valid JSON: unexpected end at column 6",
                "2 row must be one JSON object",
                #"4 value must be a string such as "+55 84 91234-4321""#,
                "4 monthyPrice is required", "4 setupPrice is required", "4 currency is required",
            ])
        #expect(try await numbers(text, .ndjson).count == 1)
    }

    @Test(arguments: [
        (FileFormat.json, "", "is not valid JSON: unexpected end at line 1, column 1"),
        (.json, "[{}", "is not valid JSON: unexpected end at line 1, column 4"),
        (
            .json, "[{},\n{},]",
            "is not valid JSON: a comma must not stand before ] at line 2, column 4"
        ),
        (.json, "[\n {\"a\" 1}]", "is not valid JSON: expected a colon at line 2, column 7"),
        (.json, "[{}] x", "is not valid JSON: more text after the value at line 1, column 6"),
        (.json, "{\"value\": 1}", "is not a JSON array: it must begin with ["),
        (.json, "[,]", "is not valid JSON: unexpected end at line 1, column 2"),
    ])
    func whatIsNoArrayCannotBeRead(
        format: FileFormat, text: String, reason: String
    ) async throws {
        let error = await #expect(throws: UnreadableFile.self) { try await rows(text, format) }
        #expect(error?.reason == reason)
    }

    @Test(arguments: [FileFormat.csv, .ndjson, .json])
    func whatIsNotUTF8CannotBeRead(format: FileFormat) async throws {
        let beginning = format == .csv ? "value,monthyPrice,setupPrice,currency\n" : "[\"\n"
        let bytes = Array(beginning.utf8) + [0x80] + (format == .json ? Array("\"]".utf8) : [])
        let line = format == .json ? 1 : 2
        let error = await #expect(throws: UnreadableFile.self) { try await rows(bytes, format) }
        #expect(error?.reason == "is not UTF-8 in line \(line)")
        let utf16: [UInt8] = [0xFF, 0xFE, 0x76, 0x00, 0x0A, 0x00]
        await #expect(throws: UnreadableFile.self) { try await rows(utf16, format) }
    }

    // MARK: Bounds

    @Test(arguments: [FileFormat.csv, .ndjson])
    func tenMillionEmptyLinesAreNothing(format: FileFormat) async throws {
        let start = ContinuousClock.now
        let lines = [UInt8](repeating: UInt8(ascii: "\n"), count: 10_000_000)
        let text = format == .csv ? Array(Self.csv.utf8) : []
        let rows = try await rows(lines + text + lines, format, pieces: 64 * 1024)
        #expect(rows.count == (format == .csv ? 2 : 0))
        if case .number(let line, _, _)? = rows.first { #expect(line == 10_000_002) }
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    @Test func aRowThatIsTooLongIsTold() async throws {
        let header = "value,monthyPrice,setupPrice,currency\n"
        let long = String(repeating: "x", count: 70_000)
        let good = "+55 84 91234-4322,1,2,R$\n"
        #expect(
            try await faults(header + long + ",1,1,U$\n" + good) == ["2 row is longer than 64 KiB"])
        #expect(try await numbers(header + long + ",1,1,U$\n" + good).count == 1)
        #expect(
            try await faults(header + "\"" + long + "\",1,1,U$\n" + good)
                == ["2 row has a quote that is not closed within 64 KiB"])
        #expect(try await faults(long).first?.hasPrefix("1 row is longer") == true)
        #expect(
            try await faults("{\"a\":\"" + long + "\"}\n[]", .ndjson)
                == ["1 row is longer than 64 KiB", "2 row must be one JSON object"])
        #expect(
            try await faults("[{\"a\":\"" + long + "\"},\n1]", .json)
                == ["1 row is longer than 64 KiB", "2 row must be one JSON object"])
    }

    @Test func unknownColumnsBeyondTwentyAreNotNamed() async throws {
        let header =
            "value,monthyPrice,setupPrice,currency,"
            + (1...5000).map { "c\($0)" }.joined(separator: ",")
        #expect(try await faults(header).count == 20)
    }

    @Test func rowsBeyondTheBoundAreNotRead() async throws {
        let row = "+55 84 91234-4321,1,1,U$\n"
        let text = "value,monthyPrice,setupPrice,currency\n" + String(repeating: row, count: 12)
        let rows = try await rows(Array(text.utf8), .csv, mostRows: 10)
        #expect(rows.count == 11)
        #expect(
            rows.last
                == .faulty(
                    line: 12,
                    [Fault(field: nil, detail: "is one too many: a file may have 10 rows")]))
    }

    @Test func faultsBeyondTheFirstHundredAreOnlyCounted() async throws {
        let text =
            "value,monthyPrice,setupPrice,currency\n" + String(repeating: "x,1,1,\n", count: 200)
        let rows = try await rows(text)
        let faults = rows.map { row -> [Fault] in
            if case .faulty(_, let faults) = row { faults } else { [] }
        }
        #expect(faults.allSatisfy { $0.count == 2 })
        #expect(faults[49].allSatisfy { !$0.detail.isEmpty })
        #expect(faults[50].allSatisfy { $0.detail.isEmpty })
    }

    // MARK: Pieces

    @Test(arguments: [1, 2, 3, 7, 64])
    func whereAPieceEndsDoesNotMatter(size: Int) async throws {
        let texts: [(String, FileFormat)] = [
            ("\u{FEFF}\r\n" + Self.csv.replacing("\n", with: "\r\n"), .csv),
            ("\u{FEFF}value;monthyPrice;setupPrice;currency\n\"+55 \"\"84\";1;2;€\nx", .csv),
            ("{\"currency\":\"€\\\"\"}\r\n\n[1]\n{", .ndjson),
            ("\u{FEFF}[{\"currency\":\"€\\\"\"},\n[\"]\"], 7 ]\n", .json),
        ]
        for (text, format) in texts {
            let whole = try await rows(text, format)
            #expect(try await rows(Array(text.utf8), format, pieces: size) == whole)
        }
    }
}

extension StringProtocol {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : String(self)
    }
}

private let threads = WorkThreads(count: 2, mostWaiting: 64)

func rows(
    _ text: String, _ format: FileFormat = .csv, _ mode: ImportMode = .create
) async throws -> [ImportRow] {
    try await rows(Array(text.utf8), format, mode)
}

/// - Parameter pieces: How many bytes arrive at once.
func rows(
    _ bytes: [UInt8], _ format: FileFormat, _ mode: ImportMode = .create, pieces: Int = .max,
    mostRows: Int = .max
) async throws -> [ImportRow] {
    var reader = ImportReader(
        format, mode: mode, numberCheck: .possible, mostRows: mostRows, pieceBytes: pieces,
        threads: threads)
    var rest = bytes[...]
    while !rest.isEmpty {
        try await reader.read(rest.prefix(pieces))
        rest = rest.dropFirst(pieces)
    }
    var checked = try await reader.finish()
    var rows: [ImportRow] = []
    while case let batch = checked.next(), !batch.isEmpty { rows += batch }
    #expect(rows.count == checked.count)
    return rows
}
