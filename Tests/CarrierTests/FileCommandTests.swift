import Foundation
import StoreTesting
import Testing

/// `carrier import` and `carrier export` as processes.
@Suite struct FileCommandTests {
    private static let table = "value,monthyPrice,setupPrice,currency\n+55 84 91234-4321,1,2,R$\n"

    @Test func whatIsExportedIsImported() async throws {
        try await withTemporaryFolder { folder in
            try #require(try carrier(["seed"], in: folder).status == 0)
            let exported = try carrier(["export", "numbers.csv"], in: folder)
            #expect(exported.output == "Exported 800 numbers to numbers.csv.\n")
            let other = ["--database-url", "sqlite:other.sqlite"]
            let imported = try carrier(
                ["import", "numbers.csv", "--create"] + other, in: folder)
            #expect(
                imported.output
                    == "Imported 800 rows: 800 created, 0 changed, 0 unchanged. This is change 1. Prices read with a decimal point.\n"
            )
            #expect(imported.errors == "")
            let again = try carrier(["export", "-", "--format", "csv"] + other, in: folder)
            let file = try Data(contentsOf: folder.appending(path: "numbers.csv"))
            #expect(again.output == String(decoding: file, as: UTF8.self))
        }
    }

    @Test func aDryRunDoesNothing() async throws {
        try await withTemporaryFolder { folder in
            for _ in 0..<2 {
                let run = try carrier(
                    ["import", "-", "--create", "--dry-run"], input: Self.table, in: folder)
                #expect(
                    run.output
                        == "Nothing was done. Of 1 rows would be: 1 created, 0 changed, 0 unchanged.\n"
                )
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }

    @Test func theDecimalSeparatorIsReportedUnlessItIsGiven() async throws {
        try await withTemporaryFolder { folder in
            let text = "value;monthyPrice;setupPrice;currency\n+55 84 91234-4321;3,40;1,250;R$\n"
            let found = try carrier(
                ["import", "-", "--create", "--dry-run"], input: text, in: folder)
            #expect(found.output.hasSuffix("unchanged. Prices read with a decimal comma.\n"))
            let given = try carrier(
                ["import", "-", "--create", "--decimal", ","], input: text, in: folder)
            #expect(given.output.hasSuffix(" This is change 1.\n"))
            let exported = try carrier(["export", "-"], in: folder)
            #expect(exported.output.contains("'+55 84 91234-4321,3.40,1.25,R$"))
            let json = ["import", "-", "--decimal", ",", "--format", "json"]
            #expect(try carrier(json, input: "[]", in: folder).status == 64)
        }
    }

    @Test func faultsAreToldWithTheirLines() async throws {
        try await withTemporaryFolder { folder in
            let text = Self.table + "x,1,2,banana\n1\n"
            let run = try carrier(["import", "-", "--create"], input: text, in: folder)
            #expect(run.status == 1)
            #expect(
                run.errors == """
                    Error: Nothing was imported: the file has 3 errors.
                    Line 3: value may contain only digits, spaces, hyphens, dots and parentheses after the +
                    Line 3: currency must be an ISO 4217 code such as BRL or a sign such as U$
                    Line 4: the row has 1 cell, and the header 4

                    """)
            #expect(try carrier(["export", "-"], in: folder).output.contains("+55") == false)
        }
    }

    @Test func whatCannotBeReadIsToldInASentence() async throws {
        try await withTemporaryFolder { folder in
            let array = try carrier(
                ["import", "-", "--create", "--format", "json"], input: "[{]", in: folder)
            #expect(array.status == 1)
            #expect(array.errors.hasPrefix("Error: Standard input is not valid JSON: "))
            #expect(
                try carrier(["import", "absent.csv"], in: folder).errors
                    == "Error: absent.csv cannot be read: No such file or directory.\n")
            #expect(
                try carrier(["export", "absent/numbers.csv"], in: folder).errors
                    == "Error: absent/numbers.csv cannot be written: No such file or directory.\n")
        }
    }

    @Test func aFileThatIsThereIsReplacedWhole() async throws {
        try await withTemporaryFolder { folder in
            try #require(try carrier(["seed", "--count", "3"], in: folder).status == 0)
            let file = folder.appending(path: "numbers.ndjson")
            try Data(repeating: 0x78, count: 10_000).write(to: file)
            try #require(try carrier(["export", "numbers.ndjson"], in: folder).status == 0)
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            #expect(text.hasPrefix("{\"value\":\"+"))
            #expect(text.split(separator: "\n").count == 3)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(!names.contains { $0.hasSuffix(".partial") })
        }
    }
}
