import Foundation
import Inventory
import NumberFiles
import StoreTesting
import Testing
import Workbooks

@Suite struct WorkbookRowReaderTests {
    /// The styles 1 to 3: a percentage, a date, text.
    private static let styles = """
        <cellXfs><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="14"/><xf numFmtId="49"/></cellXfs>
        """

    private static func text(_ text: String) -> String {
        #"<c t="inlineStr"><is><t xml:space="preserve">\#(text)</t></is></c>"#
    }

    private static func number(_ text: String, style: Int = 0) -> String {
        #"<c s="\#(style)"><v>\#(text)</v></c>"#
    }

    private static func table(_ rows: [[String]], header: [String] = NumberContent.Member.names)
        -> [UInt8]
    {
        let rows = [header.map(text)] + rows
        return workbook(rows.map { $0.joined().inside("row") }.joined(), styles: styles)
    }

    private static let good = [text("+55 84 91234-4321"), number("1"), number("1"), text("U$")]

    private static func replacing(_ index: Int, by cell: String) -> [String] {
        good.enumerated().map { $0 == index ? cell : $1 }
    }

    private static let prices: [(cell: String, price: String)] = [
        (number("0.10000000000000001"), "0.10"), (number("3.5000000000000003E-2"), "0.035"),
        (number("1.250"), "1.25"), (number("1234"), "1234.00"),
        (number("999999999.9999"), "999999999.9999"),
        (text("2,5"), "2.50"), (text(" 3,40 "), "3.40"), (text("1,0000"), "1.00"),
        (number("0.00001"), "has 5 decimal places; 4 at most"),
        (number("-1"), "must not be negative"),
        (number("1e12"), "must be 999999999.9999 at most"),
        (
            text("2.5"),
            "must be written 2,5: the file is read with a decimal comma and cannot have two decimal separators"
        ),
        (
            number("0.5", style: 1),
            "is a percentage: format the cell as a number, and enter it again"
        ),
        (
            number("45000", style: 2),
            "is a date or a time: format the column as text, and enter the cell again"
        ),
        (#"<c t="b"><v>1</v></c>"#, "is TRUE: enter a text or a number"),
        (#"<c t="e"><v>#N/A</v></c>"#, "is the error #N/A of a formula: correct the formula"),
        (
            "<c><f>A1</f></c>",
            "is a formula without a result: open the file in a spreadsheet, and save it again"
        ),
    ]

    /// The first text shows that the decimal separator of texts is a comma.
    @Test(arguments: prices.indices)
    func priceIsTheDecimalThatExcelShows(index: Int) async throws {
        let (cell, price) = Self.prices[index]
        let file = Self.table([
            Self.replacing(0, by: Self.text("+55 84 91234-4322")).replacing(
                2, by: Self.text("0,5")),
            Self.replacing(1, by: cell),
        ])
        let (rows, decimal) = try await read(file, .xlsx)
        #expect(decimal == .comma)
        switch rows.last {
        case .number(let line, _, let patch, _)?:
            #expect(line == 3)
            #expect(patch.monthyPrice?.description == price)
        case .invalid?: #expect(rowErrors(of: rows).last == "3 monthyPrice \(price)")
        case nil: Issue.record("There are no rows.")
        }
    }

    @Test func numberInThePhoneNumbersColumnIsAnError() async throws {
        let expected = """
            2 value has lost its +: a spreadsheet turned this phone number into a number. Format the \
            column as text, then enter the phone numbers again
            """
        for cell in ["5584912344321", "5.584912344321E12"] {
            let file = Self.table([Self.replacing(0, by: Self.number(cell))])
            #expect(try await errors(in: file) == [expected])
        }
    }

    @Test func cellsOfOtherKindsAreCorrected() async throws {
        let file = Self.table([
            Self.replacing(0, by: Self.number("5584912344321")),
            Self.replacing(1, by: Self.number("45000", style: 2)),
            Self.replacing(2, by: Self.text("0,5")),
        ])
        var options = ImportOptions(format: .xlsx, mode: .create, numberCheck: .possible)
        options.corrections = RowCorrections(
            cells: [2: [("value", "+55 84 91234-4321")], 3: [("monthyPrice", "1.250")]],
            skipped: [4])
        let rows = try await read(file, options).rows
        #expect(rowErrors(of: rows) == [])
        let prices = rows.map { row -> String? in
            guard case .number(_, _, let patch, _) = row else { return nil }
            return patch.monthyPrice?.description
        }
        #expect(prices == ["1.00", "1.25"])
    }

    @Test func rowsAreReadAsInCSV() async throws {
        let header = ["Number", "Monthly price", "setupPrice", "currency", "ID", ""]
        let empty = [Self.text(" "), "<c/>", Self.number("", style: 3)]
        let rows = [
            Self.good + [Self.number("42"), Self.text("")], empty, Self.good,
            Self.good + ["<c/>", "<c/>", Self.text("x")], Self.replacing(3, by: Self.number("7")),
        ]
        let (read, _) = try await read(Self.table(rows, header: header), .csv)
        let lines = read.map { row in
            switch row {
            case .number(let line, let id, _, _): "\(line) \(id ?? 0)"
            case .invalid: rowErrors(of: [row]).joined()
            }
        }
        #expect(
            lines == [
                "2 42", "4 0", "5 row has 7 cells, and the header 5",
                "6 currency must not contain digits",
            ])
    }

    @Test func missingLastCellIsEmpty() async throws {
        let file = Self.table([Array(Self.good.prefix(3))])
        #expect(try await errors(in: file, .upsert) == ["2 currency must not be empty"])
    }

    private func errors(in file: [UInt8], _ mode: ImportMode = .create) async throws -> [String] {
        rowErrors(of: try await read(file, .xlsx, mode).rows)
    }

    @Test func rowsAreBounded() async throws {
        let long = Self.text(String(repeating: "x", count: 70_000))
        let wide = #"<c r="BM3" t="str"><v>x</v></c>"#
        let file = Self.table([Self.good + [long], Self.good + [wide], Self.good])
        #expect(
            try await errors(in: file) == [
                "2 row is longer than 64 KiB",
                "3 row has a cell after column 64, the last that is read",
            ])
        #expect(
            try await errors(in: workbook(wide.inside("row"))) == [
                "1 row has a cell after column 64, the last that is read"
            ])
        let (rows, _) = try await read(file, .xlsx, mostRows: 2)
        #expect(rowErrors(of: rows).last == "4 row is one too many: a file may have 2 rows")
    }

    @Test func workbookWithoutAHeaderIsAnError() async throws {
        for file in [workbook(""), workbook("<row/>")] {
            let error = await #expect(throws: UnreadableFile.self) { try await read(file, .xlsx) }
            #expect(error?.reason == "has no cells in the sheet")
        }
        let other = try await errors(in: Self.table([], header: ["a"]))
        #expect(other.count == 1 && other[0].hasPrefix("1 row has no header with value, "))
        #expect(!other[0].contains("sheet"))
        let title = Self.table([NumberContent.Member.names.map(Self.text)], header: ["List"])
        #expect(
            try await errors(in: title) == [
                "1 row precedes the header, which is in line 2: remove the lines above it"
            ])
    }

    @Test func otherSheetsAreNamed() async throws {
        let advice = ". For another sheet, give sheet=Prices or sheet=Old"
        for (rows, end) in [("", "the sheet"), (Self.text("Hello").inside("row"), "ignore=Hello")] {
            let files = workbookFiles(rows).map { name, content in
                let sheets = #"<sheet name="Prices" r:id="rId1"/>"#
                return (
                    name: name,
                    content: content.replacing(
                        #"<sheet name="Prices" sheetId="1" r:id="rId1"/>"#,
                        with:
                            #"<sheet name="Cover" r:id="rId1"/>\#(sheets.replacing("rId1", with: "b"))"#
                            + sheets.replacing("Prices", with: "Old").replacing("rId1", with: "c")
                    ).replacing(
                        "</Relationships>",
                        with: #"<Relationship Id="b" Type="x/worksheet" Target="b.xml"/>"#
                            + #"<Relationship Id="c" Type="x/worksheet" Target="c.xml"/></Relationships>"#
                    )
                )
            }
            do {
                let errors = try await errors(in: archive(files))
                #expect(errors.count == 1 && errors[0].hasSuffix(end + advice), "\(errors)")
            } catch let error as UnreadableFile {
                #expect(error.reason.hasSuffix(end + advice))
            }
        }
    }

    @Test func unreadableWorkbookIsNamed() async throws {
        let file = archive([("list.csv", "value")])
        let error = await #expect(throws: UnreadableFile.self) { try await read(file, .csv) }
        #expect(
            error?.reason
                == "is a zip archive, but no Excel workbook (.xlsx): save it as one, or unpack it")
    }

    /// Prices decide the separator of texts, after thousands of ambiguous ones.
    @Test func decimalSeparatorIsFoundAhead() async throws {
        let rows = (0..<3000).map { index in
            [
                Self.text("+55 84 9123\(index / 1000)-\(1000 + index)"), Self.text("1,250"),
                Self.number("1.5"), Self.text("U$"),
            ]
        }
        let last = Self.replacing(1, by: Self.text("0,5"))
        let (read, decimal) = try await read(Self.table(rows + [last]), .xlsx)
        #expect(decimal == .comma)
        guard case .number(_, _, let patch, _)? = read.first else {
            Issue.record("The first row is refused.")
            return
        }
        #expect(patch.monthyPrice == (try Price("1.25")))
        #expect(read.count == 3001)
    }

    @Test(arguments: [false, true])
    func writtenWorkbookIsReadAsTheSameNumbers(hasIDs: Bool) async throws {
        let prices = ["0", "0.0001", "0.1", "1", "1.125", "999999999.9999"]
        let numbers = try DemoNumbers(seed: 3).prefix(500).enumerated().map { index, content in
            var content = content
            content.monthyPrice = try Price(prices[index % prices.count])
            content.currency = try Currency(["U$", "€", "A$b", "元$"][index % 4])
            return DIDNumber(id: Int64(index + 7), content: content)
        }
        var writer = NumberWriter(format: .xlsx, hasIDs: hasIDs)
        let file = try writer.begin() + writer.write(numbers) + writer.end()
        let (rows, decimal) = try await read(file, .xlsx)
        #expect(decimal == nil)
        #expect(
            rows.map(text)
                == numbers.enumerated().map { index, number in
                    let texts = NumberContent.Member.allCases.map { number.content.text(of: $0) }
                    return "\(index + 2) \(hasIDs ? number.id : 0) " + texts.joined(separator: " ")
                })
        var again = NumberWriter(format: .xlsx, hasIDs: hasIDs)
        #expect(try again.begin() + again.write(numbers) + again.end() == file)
    }

    private func text(_ row: ImportRow) -> String {
        guard case .number(let line, let id, let patch, _) = row else { return "\(row)" }
        let members = [
            patch.value?.formatted, patch.monthyPrice?.description, patch.setupPrice?.description,
            patch.currency?.symbol,
        ]
        return "\(line) \(id ?? 0) " + members.map { $0 ?? "-" }.joined(separator: " ")
    }
}

extension [String] {
    fileprivate func replacing(_ index: Int, by cell: String) -> [String] {
        enumerated().map { $0 == index ? cell : $1 }
    }
}
