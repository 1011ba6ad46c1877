import Inventory
import NumberFiles
import Testing

/// Files in the forms in which spreadsheets and other programs write tables.
@Suite struct FileFormTests {
    private static let semicolons = header.replacing(",", with: ";")
    private static let tabs = header.replacing(",", with: "\t")
    private static let row = "+55 84 91234-4321;0.03;3.40;U$"

    /// Files with the row above in line 2, unless a line is given.
    private static let sameRow: [(String, Int)] = [
        (semicolons + row, 2), (header + row.replacing(";", with: ","), 2),
        (tabs + row.replacing(";", with: "\t"), 2),
        // The separator
        ("sep=;\n" + semicolons + row, 3), ("\u{FEFF}SEP=;;;\r\n" + semicolons + row, 3),
        ("\"sep=;\"\n" + semicolons + row, 3),
        ("sep=,\n" + header + row.replacing(";", with: ","), 3),
        ("\n \n\t sep=;\n" + semicolons + row, 5),
        ("sep=\t\r" + tabs + row.replacing(";", with: "\t"), 3),
        ("\"value\",\"monthyPrice\",setupPrice,currency\n\"+55 84 91234-4321\",0.03,3.40,U$", 2),
        // Names
        ("Value;MonthyPrice;SetupPrice;Currency\n" + row, 2),
        ("Number;Monthly price;Setup price;Currency\n" + row, 2),
        ("\u{200B}number ; MONTHLY PRICE\u{A0};setup_price;\u{FEFF}currency\n" + row, 2),
        ("\u{FEFF}\u{FEFF}value;monthyPrice;setupPrice;currency\n" + row, 2),
        ("\u{FEFF}\u{FEFF}\"value\";monthyPrice;setupPrice;currency\n" + row, 2),
        ("=\"value\";monthyPrice;setupPrice;currency\n" + row, 2),
        // Empty columns, cells and rows
        ("value;monthyPrice;setupPrice;currency;;\n" + row + ";;\n;;;;;\n", 2),
        (semicolons + row + ";", 2), (semicolons + row + "; ;\u{A0};\n", 2),
        ("value;;monthyPrice;setupPrice;currency\n+55 84 91234-4321;;0.03;3.40;U$", 2),
        (";;;\n ; ;\n\n" + semicolons + row + "\n;;;\n\n ; ;\n", 5),
        // Cells
        (semicolons + " +55 84 91234-4321\t; 0.03 ;\u{A0}3.40\u{A0};U$\u{200E}", 2),
        (semicolons + "\u{202A}+55 84 91234-4321\u{202C};0.03;3.40;U$", 2),
        (semicolons + "\u{FEFF}\u{200B}'+55 84 91234-4321\u{200B};'0.03;3.40;U$", 2),
        (semicolons + "=\"+55 84 91234-4321\";=\"0.03\";3.40;U$", 2),
        (semicolons + "\"=\"\"+55 84 91234-4321\"\"\";0.03;3.40;U$", 2),
        (semicolons + " \"+55 84 91234-4321\" ;\t\"0.03\"\t;3.40; \" U$ \" ", 2),
        (
            semicolons
                + "\u{A0}\"+55 84 91234-4321\"\u{200B};\u{200B}\"0.03\"\u{A0} ;3.40;\"U$\"\u{FEFF}",
            2
        ),
        (semicolons + "+55 84 91234-4321;0.03000;3.400000;U$", 2),
    ]

    private static func expected(line: Int) -> [String] {
        ["\(line) | - | +55 84 91234-4321 | 0.03 | 3.40 | U$"]
    }

    @Test(arguments: sameRow)
    func readsTheSameRow(text: String, line: Int) async throws {
        #expect(try await errors(text) == [])
        #expect(try await numbers(text) == Self.expected(line: line))
    }

    @Test(arguments: sameRow, ["\r", "\r\n", "\n\r\n"])
    func linesMayEndInAnyWay(_ file: (text: String, line: Int), end: String) async throws {
        let text = file.text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
            .replacing("\n", with: end)
        let lineEnds = end == "\n\r\n" ? 2 : 1
        let line = (file.line - 1) * lineEnds + 1
        #expect(try await numbers(text) == Self.expected(line: line))
    }

    @Test(arguments: sameRow, [1, 2, 3, 64])
    func readsUTF16InPiecesOfAnySize(_ file: (text: String, line: Int), pieces: Int) async throws {
        let whole = try await read(Array(file.text.utf8), .csv)
        for isBigEndian in [false, true] {
            let bytes = ("\u{FEFF}" + file.text + "\n€;\u{1F600}").utf16.flatMap { unit in
                let bytes = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
                return isBigEndian ? bytes : bytes.reversed()
            }
            let rows = try await rows(bytes, .csv, pieces: pieces)
            #expect(rows.count == whole.rows.count + 1)
            #expect(Array(rows.dropLast()) == whole.rows)
        }
    }

    private static let comma = "quote a price that contains a comma, or separate cells by ;"

    /// A table, and its errors.
    @Test(arguments: [
        // The row of too many cells
        (
            header + "+55 84 91234-4321,1,250.00,3.40,U$",
            ["2 row has 5 cells, and the header 4; write 1250.00 instead of 1,250.00"]
        ),
        (
            header + "+55 84 91234-4321,1,250,3.40,U$",
            [
                "2 row has 5 cells, and the header 4; 1,250 could be 1250 or 1.250: write one of these"
            ]
        ),
        (
            header + "+55 84 91234-4321,0,03,3,40,U$",
            ["2 row has 6 cells, and the header 4; quote 0,03, or separate cells by ;"]
        ),
        (
            header + "+55 84 91234-4321,0.03,3.40,U$,x",
            ["2 row has 5 cells, and the header 4; \(comma)"]
        ),
        (semicolons + row + ";;x", ["2 row has 6 cells, and the header 4"]),
        (semicolons + "+55 84 91234-4321;;", ["2 row has 3 cells, and the header 4"]),
        // Columns without a name
        (
            "value;;monthyPrice;setupPrice;currency\n+55 84 91234-4321;x;0.03;3.40;U$",
            ["2 row has x in column 2, which has no name"]
        ),
        // Names
        (
            "Number;value;monthyPrice;setupPrice;currency\n",
            ["1 value is in 2 columns, Number and value: keep one"]
        ),
        (
            "\"sep=;\"\nNummer;Preis\n",
            [
                """
                2 row has no header with value, monthyPrice, setupPrice, currency, but Nummer, Preis. \
                Rename the columns, assign them, such as assign=Nummer:value, or skip them, such as \
                ignore=Nummer
                """
            ]
        ),
        ("sep=|\n", ["separates its cells by \"|\": use a comma, a semicolon or a tab"]),
        (
            "Prices\n" + header.replacing(",", with: "|") + "\n",
            ["separates its cells by \"|\": use a comma, a semicolon or a tab"]
        ),
        // The header below other rows
        (
            "Price list July\n\n" + semicolons + row,
            ["1 row precedes the header, which is in line 3: remove the lines above it"]
        ),
        (
            "Prices \"July\"\nCurrency;U$\n" + tabs + row,
            ["1 row precedes the header, which is in line 3: remove the lines above it"]
        ),
        (
            String(repeating: "x\n", count: 20) + header,
            [
                "1 row has no header with value, monthyPrice, setupPrice, currency, but x. Rename the columns, assign them, such as assign=x:value, or skip them, such as ignore=x"
            ]
        ),
        (
            semicolons + "+55 84 91234-4321;0.03;3.40;\"U$\" x",
            ["2 row has text after a closing quote"]
        ),
        (
            semicolons + "+55 84 91234-4321;-;3.40;U$",
            ["2 monthyPrice is what accounting formats show for zero: write 0.00"]
        ),
        (
            semicolons + "=\"+55 84\";0.03;3.40;U$",
            ["2 value must have 7 to 15 digits (E.164), not 4"]
        ),
    ])
    func reportsErrors(text: String, expected: [String]) async throws {
        do {
            #expect(try await errors(text) == expected)
        } catch let error as UnreadableFile {
            #expect([error.reason] == expected)
        }
    }

    @Test func advisedPriceIsRead() async throws {
        for price in ["1250.00", "\"1250.00\""] {
            #expect(try await errors(header + "+55 84 91234-4321,\(price),3.40,U$") == [])
        }
    }

    @Test func columnsAreIgnoredByName() async throws {
        let text =
            "value;Country;City, state;monthyPrice;setupPrice;currency\n"
            + "+55 84 91234-4321;BR;\"Natal; RN\";0.03;3.40;U$"
        let names = ["country", " CITY state"]
        let (rows, form) = try await readForm(text, ignored: names)
        #expect(rows.count == 1)
        #expect(form.ignored == ["Country", "City, state"])
        #expect(form.notes == ["Columns that were not read: Country, City, state."])
        #expect(
            try await errors(text) == [
                "1 Country is not a member of a number: skip the column with ignore=Country",
                "1 City, state is not a member of a number: skip the column with ignore=City state",
            ])
        #expect(try await readForm(text, ignored: ["country"]).form.unknown == ["City, state"])
        #expect(
            try await rowErrors(
                of: readForm(text, ignored: names + ["planet"], naming: .flags).rows)
                == [
                    "1 planet is not a column of the file, which has value, Country, City state, monthyPrice, setupPrice, currency"
                ])
        #expect(
            try await rowErrors(of: readForm(text, ignored: names + ["value"]).rows) == [
                "1 value is required"
            ])
        #expect(
            try await rowErrors(of: readForm(text, ignored: [], naming: .flags).rows).last?
                .hasSuffix("skip the column with --ignore 'City state'") == true)
    }

    private static let german = "Nummer;Preis: netto;Gebühr;currency;Note\n" + row + ";x"

    @Test func columnsAreAssignedByName() async throws {
        let (rows, form) = try await readForm(
            Self.german, ignored: ["note"],
            assigned: "nummer:Number, PREIS netto : Monthly price,Gebühr:setupPrice")
        #expect(rowErrors(of: rows) == [] && rows.count == 1)
        #expect(
            form.notes == [
                "The column Nummer was read as value.",
                "The column Preis: netto was read as monthyPrice.",
                "The column Gebühr was read as setupPrice.", "Columns that were not read: Note.",
            ])
        // The name of another member does not matter.
        let swapped = try await readForm(
            Self.semicolons + Self.row, assigned: "monthyPrice:setupPrice,setupPrice:monthyPrice")
        guard case .number(_, _, let patch, _)? = swapped.rows.first else {
            Issue.record("The row is refused.")
            return
        }
        #expect(patch.monthyPrice?.description == "3.40" && patch.setupPrice?.description == "0.03")
    }

    @Test(arguments: [
        ("Preis:value", "Preis is not a column of the file, which has Nummer, Preis: netto, "),
        ("Nummer:currency", "currency is in 2 columns, Nummer and currency: "),
        ("Nummer:value,Note:value", "value is in 2 columns, Nummer and Note: "),
        ("Nummer:value", "Nummer is both ignored and assigned"),
    ])
    func wrongAssignmentsAreErrors(assigned: String, error: String) async throws {
        let ignored = error.contains("both") ? ["Nummer"] : []
        let errors = rowErrors(
            of: try await readForm(Self.german, ignored: ignored, assigned: assigned).rows)
        #expect(errors.contains { $0.hasPrefix("1 " + error) }, "\(errors)")
    }

    @Test(arguments: ["x", "x:", ":value", " :value", "x:price", "x:value,,X :currency"])
    func malformedAssignmentsAreInvalid(text: String) {
        #expect(throws: InvalidValue.self) { try ColumnAssignment.list(text) }
    }

    @Test func unknownColumnsAreReported() async throws {
        #expect(
            try await readForm(Self.german).form.unknown == [
                "Nummer", "Preis: netto", "Gebühr", "Note",
            ])
        #expect(try await readForm("Nummer;Preis\n").form.unknown == ["Nummer", "Preis"])
        // A row of values is no header, and a title has no columns.
        #expect(try await readForm(Self.row).form.unknown == [])
        #expect(try await readForm("List\n" + Self.semicolons).form.unknown == [])
    }

    @Test(arguments: [
        (semicolons + row, ";", "UTF-8"), (tabs + row.replacing(";", with: "\t"), "\t", "UTF-8"),
        (header + row.replacing(";", with: ","), ",", "UTF-8"),
    ])
    func formIsReported(text: String, separator: String, encoding: String) async throws {
        let form = try await readForm(text).form
        #expect(form.separator?.rawValue == separator)
        #expect(form.encoding?.rawValue == encoding)
        #expect(form.notes.isEmpty && form.ignored.isEmpty && form.unknown.isEmpty)
    }

    @Test func otherSpellingIsNoted() async throws {
        for (name, notes) in [
            ("monthlyPrice", ["The column monthlyPrice was read as monthyPrice."]),
            ("monthly_price", ["The column monthly_price was read as monthyPrice."]),
            ("Monthly price", []), ("MonthyPrice", []),
        ] {
            let text = "value;\(name);setupPrice;currency\n" + Self.row
            #expect(try await readForm(text).form.notes == notes)
        }
    }

    @Test(arguments: FileFormat.allCases)
    func fileOfAnotherKindIsNamed(format: FileFormat) async throws {
        let utf16 = Array(header.utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let old = [0xD0, 0xCF, 0x11, 0xE0, 0xA1] + [UInt8](repeating: 0, count: 999)
        for (bytes, beginning) in [
            (
                [0x50, 0x4B, 3, 4, 20],
                format.isTable
                    ? "is a damaged workbook (its end is missing); open it in a spreadsheet"
                    : "is an Excel workbook or another ZIP file, not JSON"
            ),
            (old, "is an old Excel workbook (.xls): open it in a spreadsheet"),
            (
                old + Array("EncryptedPackage".utf16).flatMap { [UInt8($0), 0] },
                "is protected by a password: save it without one"
            ),
            (Array("BZh91AY".utf8), "is compressed with bzip2: unpack it first"),
            ([0x1F, 0x8B, 8], "is compressed with gzip: unpack it first"),
            (Array("%PDF-1.7".utf8), "is a PDF document: "),
            (Array("\u{FEFF} \r\n<!DOCTYPE html>".utf8), "is a web page (HTML) or XML: "),
            (Array("<table>".utf8), "is a web page (HTML) or XML: "),
            (utf16, "is UTF-16 without a byte order mark: save it as UTF-8"),
            (utf16.reversed(), "is UTF-16 without a byte order mark: save it as UTF-8"),
            (Array("a".utf8) + [0x80], "is not UTF-8 in line 1, but probably Windows-1252"),
            ([0xFE, 0xFF, 0xD8, 0x00, 0x00, 0x0A], "is not UTF-16 in line 1"),
            // The last character is incomplete.
            ([0xFE, 0xFF, 0x00, 0x61, 0x00], "is not UTF-16 in line 1"),
            ([0xFE, 0xFF, 0x00, 0x61, 0xD8, 0x00], "is not UTF-16 in line 1"),
            ([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "is UTF-32: save it as UTF-8"),
            ([0x89, 0x50, 0x4E, 0x47, 13], "is a picture: "),
        ] as [([UInt8], String)] {
            if format == .json, beginning.hasPrefix("is not UTF-") { continue }
            let error = await #expect(throws: UnreadableFile.self) { try await rows(bytes, format) }
            #expect(error?.reason.hasPrefix(beginning) == true, "\(error?.reason ?? "")")
        }
        if format == .csv {
            for (text, reason) in [
                ("", "is empty"), (";;;\r\n;;;\r\n", "is empty"),
                (
                    "sep=,\n" + header.replacing(",", with: ";"),
                    """
                    separates its cells by semicolons, and its line sep= says commas: remove that \
                    line
                    """
                ), (" \n\t\u{A0}\r\n", "is empty"),
                (" [\n{", "is a JSON array: send it as application/json"),
                ("{\"value\"", "is JSON, one object per line: send it as application/x-ndjson"),
            ] {
                let error = await #expect(throws: UnreadableFile.self) {
                    try await rows(text, format)
                }
                #expect(error?.reason == reason)
            }
        }
    }

    @Test(arguments: [
        (FileFormat.ndjson, "\n[\n  {}\n]", "is a JSON array: send it as application/json"),
        (.ndjson, "[{},\n{}]", "is a JSON array: send it as application/json"),
        (.ndjson, header, "is CSV: send it as text/csv"),
        (.json, "List\n" + header, "is CSV: send it as text/csv"), (.json, " \n", "is empty"),
    ])
    func fileOfAnotherFormatIsNamed(
        format: FileFormat, text: String, reason: String
    ) async throws {
        let error = await #expect(throws: UnreadableFile.self) { try await rows(text, format) }
        #expect(error?.reason == reason)
    }

    @Test(arguments: ["{\n  \"value\": \"+55 84 91234-4321\"\n}\n", "{\r\n}", "\n\n { \r{"])
    func objectsOnSeveralLinesAreNoLines(text: String) async throws {
        let error = await #expect(throws: UnreadableFile.self) { try await rows(text, .ndjson) }
        let line = text.hasPrefix("\n") ? 3 : 1
        #expect(
            error?.reason
                == "has JSON on several lines, from line \(line): write one object per line")
    }

    @Test func errorsHaveTheirCells() async throws {
        let text =
            semicolonsWithID
            + "x; +55 84 91234-4321 ;-1;\u{1B}\(String(repeating: "x", count: 80));U$\n1;2;3\n"
        let errors = try await rows(text).flatMap { row -> [ImportError] in
            if case .invalid(let errors) = row { errors } else { [] }
        }
        #expect(errors.map(\.number) == Array(repeating: "+55 84 91234-4321", count: 3) + ["2"])
        #expect(errors.map(\.content) == ["x", "-1", "\\u{1B}xxxxxxxxxxxxxxx…", nil])
        let json = try await rows(#"{"value":"+55 84 91234-4321","monthyPrice":1.5}"#, .ndjson)
        guard case .invalid(let errors)? = json.first else { return }
        #expect(errors.map(\.content) == ["1.5", nil, nil])
    }

    private let semicolonsWithID = "id;" + semicolons
}

extension FileFormTests {
    private func readForm(
        _ text: String, ignored: [String] = [], assigned: String = "",
        naming: OptionNaming = .parameters
    ) async throws -> (rows: [ImportRow], form: FileForm) {
        let options = ImportOptions(
            format: .csv, mode: .create, numberCheck: .possible, ignored: ignored,
            assigned: try ColumnAssignment.list(assigned), naming: naming)
        let result = try await read(Array(text.utf8), options)
        return (result.rows, result.form)
    }
}
