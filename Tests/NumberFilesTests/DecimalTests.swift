import Inventory
import NumberFiles
import Testing

@Suite struct DecimalTests {
    struct Table: Sendable {
        /// The cells with both prices of each row.
        let prices: [String]
        let given: CSVStyle.DecimalSeparator?
        let decimal: CSVStyle.DecimalSeparator?
        /// Both prices of each row as they are read, or the detail of its error.
        let rows: [String]

        init(
            _ prices: [String], given: CSVStyle.DecimalSeparator? = nil,
            _ decimal: CSVStyle.DecimalSeparator?, _ rows: [String]
        ) {
            (self.prices, self.given, self.decimal, self.rows) = (prices, given, decimal, rows)
        }
    }

    private static let comma =
        "the file is read with a decimal comma and cannot have two decimal separators"
    private static let point =
        "the file is read with a decimal point and cannot have two decimal separators"

    private static let semicolons = [
        Table(["3;12"], nil, ["3.00 12.00"]),
        Table(["0,50;3"], .comma, ["0.50 3.00"]),
        Table(["0.50;1.250"], .point, ["0.50 1.25"]),
        Table(["1.250;2", "3;1.2500"], .point, ["1.25 2.00", "3.00 1.25"]),
        Table(["1,250;\"2,500\"", "3;2,5"], .comma, ["1.25 2.50", "3.00 2.50"]),
        Table(["1.125;0.125"], .point, ["1.125 0.125"]),
        Table(["1,125;1234,567"], .comma, ["1.125 1234.567"]),
        Table(["1.250;1"], given: .point, .point, ["1.25 1.00"]),
        Table(["1,250;1"], given: .comma, .comma, ["1.25 1.00"]),
        Table(["0,50;1.250"], .comma, ["could be 1250 or 1,250: \(comma); write 1250 or 1,2500"]),
        Table(
            ["0.50;1", "1,250;1"], .point,
            ["0.50 1.00", "could be 1250 or 1.250: \(point); write 1250 or 1.2500"]),
        Table(["0,50;0.50"], .comma, ["must be written 0,50: \(comma)"]),
        Table(["0,50;1"], given: .point, .point, ["must be written 0.50: \(point)"]),
        Table(
            ["1.250;1", "1;12,500"], nil,
            [
                "could be 1250 or 1.250: write 1250 or 1.2500, or give decimal=. for the file",
                "could be 12500 or 12,500: write 12500 or 12,5000, or give decimal=, for the file",
            ]),
        Table(["1.250,00;1"], nil, ["must not contain thousands separators"]),
        Table(["1,234.56;0,5"], .comma, ["must not contain thousands separators"]),
        Table(["0,5;1,234,567"], .comma, ["must not contain thousands separators"]),
        Table(["0,5;-0,5"], .comma, ["must not be negative"]),
        Table(["0,50001;1"], .comma, ["has 5 decimal places; 4 at most"]),
        Table(["0,5000000;1.0"], .comma, ["must be written 1,0: \(comma)"]),
        Table(["0,50000;1,250000000"], .comma, ["0.50 1.25"]),
        Table(["1000000;10000.50"], .point, ["1000000.00 10000.50"]),
        Table(["3.400000;1.00000"], .point, ["3.40 1.00"]),
        Table(
            ["1.250,5;1.250"], .comma,
            [
                "must not contain thousands separators could be 1250 or 1,250: \(comma); write 1250 or 1,2500"
            ]),
        Table(["1\u{A0}234,56;1"], nil, ["must not contain thousands separators"]),
        Table(["1\u{202F}234,56;0,5"], .comma, ["must not contain thousands separators"]),
        Table(["1 234,56;0,5"], .comma, ["must not contain thousands separators"]),
        Table(
            [" -   ;-"], nil,
            [
                "is what accounting formats show for zero: write 0.00 is what accounting formats show for zero: write 0.00"
            ]),
    ]

    private static let commas = [
        Table(["1.250,3"], .point, ["1.25 3.00"]),
        Table(["\"0,03\",1", "\"1,250\",1"], .comma, ["0.03 1.00", "1.25 1.00"]),
        Table(["\"1.250\",3", "1,2.125"], .point, ["1.25 3.00", "1.00 2.125"]),
        Table(
            ["\"1.250\",3"], nil,
            ["could be 1250 or 1.250: write 1250 or 1.2500, or give decimal=. for the file"]),
        Table(
            ["1.250,\"1,250\""], .point,
            ["could be 1250 or 1.250: \(point); write 1250 or 1.2500"]),
        Table(
            ["1.250,3", "1,\"3,40\""], .comma,
            ["could be 1250 or 1,250: \(comma); write 1250 or 1,2500", "1.00 3.40"]),
        Table(["3.40,\"3,40\""], .point, ["must be written 3.40: \(point)"]),
        Table(["1.25,1"], given: .comma, .comma, ["must be written 1,25: \(comma)"]),
    ]

    @Test(arguments: semicolons.map { (";", $0) } + commas.map { (",", $0) }, [7, Int.max])
    func fileHasOneDecimalSeparator(_ file: (String, Table), pieces: Int) async throws {
        let (separator, table) = file
        let lines = zip(1..., table.prices).map {
            ["+55 84 91234-432\($0)", $1, "U$"].joined(separator: separator)
        }
        let text = header.replacing(",", with: separator) + lines.joined(separator: "\n")
        let (rows, decimal) = try await read(
            Array(text.utf8), .csv, decimal: table.given, pieces: pieces)
        #expect(decimal == table.decimal)
        #expect(rows.map(Self.text) == table.rows)
    }

    private static func text(of row: ImportRow) -> String {
        switch row {
        case .number(_, _, let patch, _):
            [patch.monthyPrice, patch.setupPrice].compactMap { $0?.description }
                .joined(separator: " ")
        case .invalid(let errors): errors.map(\.error.detail).joined(separator: " ")
        }
    }

    @Test func priceInTheLastRowDecides() async throws {
        let row = "+55 84 91234-4321;1.250;1;U$\n"
        let text =
            header.replacing(",", with: ";") + String(repeating: row, count: 10_000)
        let all = try await rows(text + row.replacing("1.250", with: "0.5"))
        guard case .number(_, _, let patch, _)? = all.first else {
            Issue.record("The first row is refused.")
            return
        }
        #expect(patch.monthyPrice == (try Price("1.25")))
        #expect(all.count == 10_001)
        #expect(try await errors(text).count == 10_000)
    }

    @Test(arguments: [FileFormat.ndjson, .json])
    func jsonHasDecimalPointsOnly(format: FileFormat) async throws {
        for (price, expected) in [
            ("1.250", "1.25"), ("1,250", "must not contain thousands separators"),
        ] {
            let row = #"{"monthyPrice":"\#(price)"}"#
            let text = format == .json ? "[\(row)]" : row
            let (rows, decimal) = try await read(Array(text.utf8), format, .update)
            #expect(decimal == nil)
            #expect(rows.map(Self.text) == [expected])
        }
    }
}
