import Testing
import Workbooks

@Suite struct WorkbookWriterTests {
    private static let columns: [WorkbookWriter.Column] = [
        .init("id", .integer, width: 10), .init("value", .text, width: 24),
        .init("price", .price, width: 12),
    ]

    private func written(_ batches: [[[String]]]) throws -> [UInt8] {
        var writer = WorkbookWriter(Self.columns)
        return try writer.begin() + batches.flatMap { try writer.write($0) } + writer.end()
    }

    @Test func writtenWorkbookIsRead() throws {
        let table = [["7", "+55 84 91234-4321", "0.03"], ["42", "<&>'\"€", "999999999.9999"]]
        let read = try sheetRows(written([table]))
        #expect(
            read.map(\.cells) == [
                [.text("id"), .text("value"), .text("price")],
                [.number("7"), .text("+55 84 91234-4321"), .number("0.03")],
                [.number("42"), .text("<&>'\"€"), .number("999999999.9999")],
            ])
        #expect(read.map(\.number) == [1, 2, 3])
        #expect(try written([table]) == written([table]))
    }

    @Test func manyRowsAreWrittenInPieces() throws {
        let table = (1...6_000).map { [String($0), "text \($0)", "\($0).25"] }
        let file = try written(
            stride(from: 0, to: 6_000, by: 1000).map { Array(table[$0..<$0 + 1000]) })
        let read = try sheetRows(file)
        #expect(read.count == 6_001)
        #expect(read.last?.cells == [.number("6000"), .text("text 6000"), .number("6000.25")])
    }

    @Test func rowsBeyondExcelsAreRefused() throws {
        var writer = WorkbookWriter([])
        _ = try writer.write(Array(repeating: [], count: Workbook.mostRows - 2))
        _ = writer.begin()
        _ = try writer.write([[]])
        #expect(throws: TooManyRows.self) { try writer.write([[]]) }
    }
}
