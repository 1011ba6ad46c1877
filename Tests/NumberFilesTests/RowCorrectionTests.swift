import Inventory
import NumberFiles
import Testing

@Suite struct RowCorrectionTests {
    private static let good =
        #"{"value":"+55 84 91234-4322","monthyPrice":"1","setupPrice":"1","currency":"R$"}"#

    /// The prices and errors of a file that is read with corrections.
    private func read(
        _ text: String, _ format: FileFormat = .csv, correct: String = "", skip: String = "",
        mostRows: Int = .max
    ) async throws -> [String] {
        var options = ImportOptions(format: format, mode: .create, numberCheck: .possible)
        options.corrections = RowCorrections(
            cells: try RowCorrections.cells(correct), skipped: try RowCorrections.lines(skip))
        let (rows, _) = try await NumberFilesTests.read(
            Array(text.utf8), options, pieces: 20, mostRows: mostRows)
        return rows.flatMap { row in
            switch row {
            case .number(let line, let id, let patch, _):
                [
                    "\(line) \(id.map { "#\($0) " } ?? "")\(patch.value?.digits.suffix(4) ?? "") "
                        + "\(patch.monthyPrice?.description ?? "")"
                ]
            case .invalid: rowErrors(of: [row])
            }
        }
    }

    @Test func correctedCellsAreReadAsInJSON() async throws {
        let text = """
            id;value;monthyPrice;setupPrice;currency
            ;+55 84 91234-4321;0,50;1,0;U$
            x;banana;1.250;1,0;U$
            ;+55 84 91234-4323;0,5;1,0;dollars
            ;;;;
            7;1,2

            """
        let correct = """
            3:id:
            3:value:+55 84 91234-4322
            3:monthyPrice:1.250
            4:currency:U$
            2:monthyPrice:0,7
            4:id:42
            """
        let errors = ["2 monthyPrice must use a dot as the decimal separator: 0.7"]
        #expect(
            try await read(text, correct: correct, skip: "6") == errors + [
                "3 4322 1.25", "4 #42 4323 0.50",
            ])
        #expect(
            try await read(text, correct: correct).last == "6 row has 2 cells, and the header 5")
    }

    @Test(arguments: [FileFormat.ndjson, .json])
    func membersOfJSONAreCorrected(format: FileFormat) async throws {
        let bad = #"{"value": 7, "monthyPrice": "1,5", "monthyPrice": "2", "setupPrice": "1"}"#
        let lines = [bad, Self.good, "[7]"]
        let text =
            format == .json
            ? "[" + lines.joined(separator: ",\n") + "]" : lines.joined(separator: "\n")
        let correct = "1:value:+55 84 91234-4321\n1:monthyPrice:1.5\n1:currency:€"
        #expect(
            try await read(text, format, correct: correct, skip: "3") == [
                "1 4321 1.50", "2 4322 1.00",
            ])
    }

    @Test func rowsOfOneLineCannotBeToldApart() async throws {
        let text = "[\(Self.good), \(Self.good),\n\(Self.good)]"
        for (correct, skip) in [("1:monthyPrice:7", ""), ("", "1")] {
            let read = try await read(text, .json, correct: correct, skip: skip)
            #expect(read.contains { $0.hasPrefix("1 row shares its line with another row") })
        }
        #expect(try await read(text, .json, skip: "2").count == 2)
    }

    @Test func lineWithoutARowIsAnError() async throws {
        let end = "row does not exist, so it cannot be corrected or skipped"
        #expect(
            try await read(table, correct: "9:value:1", skip: "1,4,2")
                == ["3 4322 1.50", "1 \(end)", "4 \(end)", "9 \(end)"])
    }

    @Test func headerAndBoundsCannotBeSkipped() async throws {
        let errors = try await read("value,price\n7,1\n", correct: "2:value:7", skip: "1,9")
        #expect(errors.allSatisfy { $0.hasPrefix("1 ") } && !errors.isEmpty)
        #expect(
            try await read(table, skip: "3", mostRows: 1)
                == ["2 4321 0.03"])
        #expect(
            try await read(table + table.dropFirst(header.count), skip: "3", mostRows: 1).last
                == "4 row is one too many: a file may have 1 rows")
    }

    @Test(arguments: [
        "1", "1:value", "0:value:1", "x:value:1", "1:price:1", ":value:1", "1:Value:1",
    ])
    func refusesOtherForms(text: String) {
        #expect(throws: InvalidValue.self) { try RowCorrections.cells(text) }
    }

    @Test func correctionsAreBounded() throws {
        let cells = (1...201).map { "\($0):value:1" }
        #expect(try RowCorrections.cells(cells.dropLast().joined(separator: "\n")).count == 200)
        #expect(throws: InvalidValue.self) {
            try RowCorrections.cells(cells.joined(separator: "\n"))
        }
        let lines = (1...1001).map { String($0) }
        #expect(try RowCorrections.lines(lines.dropLast().joined(separator: ",")).count == 1000)
        for text in [lines.joined(separator: ","), "1,x", "0", "1;2"] {
            #expect(throws: InvalidValue.self) { try RowCorrections.lines(text) }
        }
        #expect(throws: InvalidValue.self) { try RowCorrections.cells("1:id:1\n1:id:2") }
    }
}
