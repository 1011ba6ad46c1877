import Inventory
import NumberFiles
import Testing

@Suite struct ImportErrorTests {
    private static let missing =
        "1 row has no header: the first line must name value, monthyPrice, setupPrice, currency"

    @Test(arguments: [
        ("+55 84 91234-4321,0.03,3.40,U$\n", missing),
        ("value,monthPrice,setupPrice,currency\n", "1 monthyPrice is required"),
        (
            "value,monthPrice,setupPrice,currency\n",
            "1 monthPrice is not a member of a number; did you mean monthyPrice? Rename the column, or give assign=monthPrice:monthyPrice"
        ),
        ("value,monthyPrice,setupPrice\n", "1 currency is required"),
        (
            "value,monthyPrice,setupPrice,currency,Monthly price,monthlyPrice\n",
            "1 monthyPrice is in 3 columns, monthyPrice and Monthly price and monthlyPrice: keep one"
        ),
        (
            "id,ID,value,monthyPrice,setupPrice,currency\n",
            "1 id is in 2 columns, id and ID: keep one"
        ),
        (
            "value,monthyPrice,setupPrice,currency,colour\n",
            "1 colour is not a member of a number: skip the column with ignore=colour"
        ),
        ("\"value,monthyPrice", "1 row has a quote that is never closed"),
        (
            "value,Monthly,Fee (setup),Currency code,Land\n",
            "1 Fee (setup) is not a member of a number; did you mean setupPrice? Rename the column, or give assign=Fee (setup):setupPrice"
        ),
        (
            "value,monthyPrice,Art,Land\n",
            "1 Art is not a member of a number: skip the column with ignore=Art, or read it as setupPrice or currency: assign=Art:setupPrice"
        ),
        (
            "value,monthyPrice,setupPrice,currency,Monthly price (EUR)\n",
            "1 Monthly price (EUR) is not a member of a number: skip the column with ignore=Monthly price (EUR)"
        ),
        (
            "Nummer,\"Preis, netto\",Land\n",
            "1 row has no header with value, monthyPrice, setupPrice, currency, but Nummer, Preis netto, Land. Rename the columns, assign them, such as assign=Nummer:value, or skip them, such as ignore=Nummer"
        ),
        (
            "\"value,monthyPrice,setupPrice,currency\"\n",
            "1 row has all names in one cell: separate them into cells, without quotes around the whole line"
        ),
    ])
    func invalidHeaderIsTheOnlyError(text: String, error: String) async throws {
        let errors = try await errors(text + "nonsense\n,,,\n")
        #expect(errors.contains(error))
        #expect(errors.allSatisfy { $0.hasPrefix("1 ") })
    }

    @Test func rowOfAFileWithOneColumnIsSplitAtCommas() async throws {
        let text = "value\n,\n+55 84 91234-4321,3.40\n"
        let error = "3 row has 2 cells, and the header 1; quote a price that contains a comma"
        #expect(try await errors(text, .csv, .update) == [error + ", or separate cells by ;"])
    }

    @Test(arguments: [
        ("+55 84 91234-4321,0.03,3.40", "2 row has 3 cells, and the header 4"),
        (
            "+55 84 91234-4321,1,250.00,3.40,U$",
            "2 row has 5 cells, and the header 4; write 1250.00 instead of 1,250.00"
        ),
        ("+55 84 91234-4321,0.03,3.40,\"U$", "2 row has a quote that is never closed"),
        (
            "+55 84 91234-4321,0.03,3.40,U\"$",
            "2 row has a quote inside a cell that does not begin with one"
        ),
        (
            "+55 84 91234-4321;0,03;3,40;U$",
            "2 row separates its cells by semicolons, and the header by commas: use one of them"
        ),
        (
            "\"+55 84 91234-4321,0.03,3.40,U$\"",
            "2 row is one quoted cell: remove the quotes around the whole line"
        ),
        ("+55 84 91234-4321,0.03,3.40,\"U\"$", "2 row has text after a closing quote"),
        ("+55 84 91234-4321,0.03,3.40,\"U\"  $\"", "2 row has text after a closing quote"),
        ("+55 84 91234-4321", "2 row has 1 cell, and the header 4"),
        ("+55 84 91234-4321,0.03,,U$", "2 setupPrice must not be empty"),
        ("55 84 91234-4321,0.03,3.40,U$", "2 value must start with + and the country code"),
        ("+55 84 91234-4321,-1,3.40,U$", "2 monthyPrice must not be negative"),
        (
            "+55 84 91234-4321,0.03,3.40,banana",
            "2 currency must be an ISO 4217 code such as BRL or a sign such as U$"
        ),
    ])
    func otherRowsAreReadAfterAnInvalidOne(row: String, error: String) async throws {
        #expect(try await errors(header + row) == [error])
        guard !error.contains("never closed") else { return }
        #expect(
            try await numbers(header + row + "\n+55 84 91234-4322,1,2,R$\n")
                == ["3 | - | +55 84 91234-4322 | 1.00 | 2.00 | R$"])
    }

    @Test func rowWithLineBreaksHasItsFirstLine() async throws {
        let text = header + "\"+55\n84\",0.03,3.40,U$\n,1,1,U$\n"
        #expect(
            try await errors(text.replacing("\n", with: "\r\n")).map { $0.prefix(7) }
                == ["2 value", "4 value"])
    }

    @Test(arguments: ["0", "-1", "07", "1.5", "x", "9223372036854775808"])
    func invalidIDIsAnError(id: String) async throws {
        #expect(
            try await errors("id,\(header)\(id),+55 84 91234-4321,1,1,U$\n")
                == ["2 id must be the id of a number, such as 42, or be left out"])
    }

    @Test func otherLinesAreReadAfterInvalidJSON() async throws {
        let good =
            #"{"value":"+55 84 91234-4321","monthyPrice":"1","setupPrice":"1","currency":"U$"}"#
        let text = ["{\"a\":", "[]", good, #"{"value":1}"#].joined(separator: "\n")
        #expect(
            try await errors(text, .ndjson) == [
                "1 row is not valid JSON: unexpected end at column 6",
                "2 row must be one JSON object",
                #"4 value must be a string such as "+55 84 91234-4321""#,
                "4 monthyPrice is required", "4 setupPrice is required", "4 currency is required",
            ])
        #expect(try await numbers(text, .ndjson).count == 1)
    }

    @Test(arguments: [
        ("[{}", "valid JSON: unexpected end at line 1, column 4"),
        ("[{},\n{},]", "valid JSON: a comma must not precede ] at line 2, column 4"),
        ("[\n {\"a\" 1}]", "valid JSON: expected a colon at line 2, column 7"),
        ("[{}] x", "valid JSON: more text after the value at line 1, column 6"),
        (
            "{\"value\": 1}",
            "a JSON array: put the objects between [ and ], or send it as application/x-ndjson"
        ),
        ("x", "a JSON array: it must begin with ["),
        ("[,]", "valid JSON: unexpected end at line 1, column 2"),
        ("[,{}]", "valid JSON: unexpected end at line 1, column 2"),
    ])
    func invalidArrayIsUnreadable(text: String, reason: String) async throws {
        let error = await #expect(throws: UnreadableFile.self) { try await rows(text, .json) }
        #expect(error?.reason == "is not " + reason)
    }

    @Test(arguments: [FileFormat.csv, .ndjson, .json])
    func fileThatIsNotUTF8IsUnreadable(format: FileFormat) async throws {
        let beginning = format == .csv ? header : format == .json ? "[\"\n" : "\"\n"
        let bytes = Array(beginning.utf8) + [0x80] + (format == .json ? Array("\"]".utf8) : [])
        let line = format == .json ? 1 : 2
        let error = await #expect(throws: UnreadableFile.self) { try await rows(bytes, format) }
        #expect(error?.reason.hasPrefix("is not UTF-8 in line \(line), but probably") == true)
        let halfAMark = [0xEF] + Array(beginning.utf8)
        await #expect(throws: UnreadableFile.self) { try await rows(halfAMark, format) }
    }
}
