import Foundation
import Inventory
import JSON
import NumberFiles
import StoreTesting
import Testing

@Suite struct NumberWriterTests {
    private static let styles = [
        CSVStyle(separator: .comma, decimal: .point),
        CSVStyle(separator: .semicolon, decimal: .point),
        CSVStyle(separator: .semicolon, decimal: .comma),
    ]

    private func written(_ writer: NumberWriter, _ numbers: [DIDNumber]) throws -> String {
        var writer = writer
        let text = try writer.begin() + writer.write(numbers) + writer.end()
        return String(decoding: text, as: UTF8.self)
    }

    private static func two() throws -> [DIDNumber] {
        [
            DIDNumber(id: 7, content: try NumberContent("+55 84 91234-4321")),
            DIDNumber(
                id: 42,
                content: try NumberContent(
                    "+44 20 7946 0958", monthyPrice: "1234.5678", setupPrice: "0", currency: "€")),
        ]
    }

    @Test func writesATable() throws {
        #expect(
            try written(NumberWriter(format: .csv), try Self.two()) == """
                \u{FEFF}value,monthyPrice,setupPrice,currency\r
                '+55 84 91234-4321,0.03,3.40,U$\r
                '+44 20 7946 0958,1234.5678,0.00,€\r

                """)
    }

    @Test func writesAsBrazilianSpreadsheetsDo() throws {
        let style = try #require(CSVStyle(separator: .semicolon, decimal: .comma))
        #expect(
            try written(NumberWriter(format: .csv, style: style, hasIDs: true), try Self.two())
                == """
                \u{FEFF}id;value;monthyPrice;setupPrice;currency\r
                7;'+55 84 91234-4321;0,03;3,40;U$\r
                42;'+44 20 7946 0958;1234,5678;0,00;€\r

                """)
    }

    @Test(
        arguments: zip(
            styles.compactMap(\.self), ["1.125,0.125", "1.1250;0.1250", "1,1250;0,1250"]))
    func threeDecimalsBetweenSemicolonsAreWrittenAsFour(style: CSVStyle, prices: String) throws {
        let content = try NumberContent(
            "+55 84 91234-4321", monthyPrice: "1.125", setupPrice: "0.125")
        let text = try written(
            NumberWriter(format: .csv, style: style), [.init(id: 1, content: content)])
        #expect(text.contains(prices))
    }

    @Test func separatorAndDecimalCannotBothBeCommas() {
        #expect(CSVStyle(separator: .comma, decimal: .comma) == nil)
    }

    @Test func writesAnObjectInEachLine() throws {
        #expect(
            try written(NumberWriter(format: .ndjson), try Self.two()) == """
                {"value":"+55 84 91234-4321","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}
                {"value":"+44 20 7946 0958","monthyPrice":"1234.5678","setupPrice":"0.00","currency":"€"}

                """)
        #expect(
            try written(NumberWriter(format: .ndjson, hasIDs: true), try Self.two())
                .hasPrefix(#"{"id":7,"value":"+55"#))
    }

    // https://owasp.org/www-community/attacks/CSV_Injection
    @Test(arguments: styles.compactMap(\.self))
    func noCellBeginsAFormula(style: CSVStyle) throws {
        let numbers = zip(1..., DemoNumbers(seed: 2).prefix(500)).map {
            DIDNumber(id: $0, content: $1)
        }
        let text = try written(NumberWriter(format: .csv, style: style, hasIDs: true), numbers)
        for line in text.split(separator: "\r\n") {
            for cell in line.split(separator: style.separator.rawValue) {
                #expect(!["=", "+", "-", "@", "\t", "\r"].contains(cell.prefix(1)), "\(cell)")
            }
        }
    }

    /// Writes all ISO currencies, other symbols, and the bounds of prices. NDJSON has no style.
    @Test(arguments: styles + [nil], [false, true])
    func writtenFileIsReadAsTheSameNumbers(style: CSVStyle?, hasIDs: Bool) async throws {
        let format = style == nil ? FileFormat.ndjson : .csv
        let writer = NumberWriter(format: format, style: style ?? .standard, hasIDs: hasIDs)
        let symbols =
            ["U$", "R$", "€", "£", "₿", "US$", "A$b", "元$", "﷼"] + Locale.commonISOCurrencyCodes
        let prices = ["0", "0.0001", "0.1", "1", "1.10", "12.345", "999999999.9999"]
        let contents = Array(DemoNumbers(seed: 3).prefix(2000))
        let numbers = try contents.enumerated().map { index, content in
            var content = content
            content.currency = try Currency(symbols[index % symbols.count])
            content.monthyPrice = try Price(prices[index % prices.count])
            content.setupPrice = try Price(prices[(index + 3) % prices.count])
            return DIDNumber(id: Int64(index + 1), content: content)
        }
        let read = try await rows(try written(writer, numbers), format)
        let expected = try numbers.enumerated().map { index, number in
            let patch = try patch(number.content)
            return ImportRow.number(
                line: index + (format == .csv ? 2 : 1), id: hasIDs ? number.id : nil,
                patch: patch)
        }
        #expect(read == expected)
    }

    private func patch(_ content: NumberContent) throws -> NumberPatch {
        let members = NumberContent.Member.allCases.map { member in
            (name: member.rawValue, value: JSONValue.string(content.text(of: member)))
        }
        return try NumberPatch(ObjectReader(members: members), numberCheck: .possible)
    }
}
