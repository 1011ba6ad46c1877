import Foundation
import Testing

/// Tests/EndToEnd/test_files.py tests the content of files.
@Suite struct FileCommandTests {
    private static let table = "value,monthyPrice,setupPrice,currency\n+55 84 91234-4321,1,2,R$\n"

    @Test func dryRunCreatesNothing() async throws {
        try await Workspace.with { workspace in
            for _ in 0..<2 {
                let run = try workspace.carrier("import - --create --dry-run", input: Self.table)
                #expect(
                    run.output
                        == """
                        Nothing was done. Of 1 rows would be: 1 created, 0 changed, 0 unchanged. \
                        Cells separated by commas.
                        Line 2, new: +55 84 91234-4321, 1.00, 2.00, R$

                        """
                )
            }
            #expect(try workspace.fileNames.isEmpty)
        }
    }

    @Test func decimalSeparatorIsReportedUnlessGiven() async throws {
        try await Workspace.with { workspace in
            let text = "value;monthyPrice;setupPrice;currency\n+55 84 91234-4321;3,40;1,250;R$\n"
            let found = try workspace.carrier("import - --create --dry-run", input: text)
            #expect(found.output.contains("semicolons. Prices read with a decimal comma.\n"))
            let given = try workspace.carrier("import - --create --decimal ,", input: text)
            #expect(given.output.hasSuffix(" This is change 1.\n"))
            #expect(
                try workspace.carrier("export -").output.contains("'+55 84 91234-4321,3.40,1.25,R$")
            )
            _ = try workspace.errors("import - --decimal , --format json", status: 64)
        }
    }

    @Test func errorsAreListedWithTheirLines() async throws {
        try await Workspace.with { workspace in
            let text = Self.table + "x,1,2,banana\n1\n"
            let errors = try workspace.errors("import - --create", input: text)
            #expect(
                errors == """
                    Error: Nothing was imported: the file has 3 errors.
                    Line 3: value "x" may contain only digits, spaces, hyphens, dots and parentheses after the +
                    Line 3, x: currency "banana" must be an ISO 4217 code such as BRL or a sign such as U$
                    Line 4, 1: the row has 1 cell, and the header 4

                    """)
            #expect(try workspace.carrier("export -").output.contains("+55") == false)
        }
    }

    @Test func columnsAreIgnoredAndErrorsLimited() async throws {
        try await Workspace.with { workspace in
            let text =
                "value;monthlyPrice;setupPrice;currency;country\n+55 84 91234-4321;1.250;2;R$;BR\nx;3;3;R$;BR\n"
            let unknown = try workspace.errors("import - --create", input: text)
            #expect(unknown.contains("skip the column with --ignore country"))
            let few = try workspace.errors(
                "import - --create --ignore country --errors 1", input: text)
            #expect(
                few.contains(
                    "could be 1250 or 1.250: write 1250 or 1.2500, or give --decimal . for the file"
                ))
            #expect(few.hasSuffix("\n… and 1 more.\n"))
            let done = try workspace.carrier(
                "import - --create --ignore country --decimal .",
                input: text.replacing("x;3;3;R$;BR\n", with: ""))
            #expect(
                done.output == """
                    Imported 1 rows: 1 created, 0 changed, 0 unchanged. This is change 1.
                    The column monthlyPrice was read as monthyPrice.
                    Columns that were not read: country.

                    """)
            let changed = try workspace.carrier(
                "import - --mode update --dry-run",
                input: "number;Monthly price\n+5584912344321;2\n+55 84 91234-4321;2\n")
            #expect(changed.status == 1)
            let dryRun = try workspace.carrier(
                "import - --mode update --dry-run",
                input: "number;Monthly price\n+5584912344321;2\n")
            #expect(
                dryRun.output.contains(
                    "\nLine 2, changed: +55 84 91234-4321, 1.25 -> 2.00, 2.00, R$\n"))
            let assigned = try workspace.carrier(
                "import - --mode update --dry-run --assign nr:value --assign Preis:monthyPrice",
                input: "Nr;Preis\n+5584912344321;2\n")
            #expect(assigned.output.contains("1.25 -> 2.00"))
            let none = try workspace.errors("import - --ignore -x --errors 0", input: text)
            #expect(none == "Error: Nothing was imported: the file has 2 errors.\n")
            for option in ["--ignore x", "--assign x:value"] {
                _ = try workspace.errors("import - \(option) --format json", status: 64)
            }
            _ = try workspace.errors("import - --assign x:y", status: 64)
            _ = try workspace.errors("import - --errors 10001", status: 64)
        }
    }

    @Test(arguments: [
        ("import - --create --format json", "Standard input is not valid JSON: "),
        ("import absent.csv", "absent.csv cannot be read: No such file or directory.\n"),
        (
            "export absent/numbers.csv",
            "absent/numbers.csv cannot be written: No such file or directory.\n"
        ),
    ])
    func unreadableFilesAreNamed(command: String, message: String) async throws {
        try await Workspace.with(numbers: 1) { workspace in
            let errors = try workspace.errors(command, input: "[{]")
            #expect(errors.hasPrefix("Error: " + message))
        }
    }

    @Test func exportReplacesWholeFiles() async throws {
        try await Workspace.with(numbers: 3) { workspace in
            let file = workspace.folder.appending(path: "numbers.ndjson")
            try Data(repeating: 0x78, count: 10_000).write(to: file)
            #expect(try workspace.carrier("export numbers.ndjson").status == 0)
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            #expect(text.hasPrefix("{\"value\":\"+"))
            #expect(text.split(separator: "\n").count == 3)
            #expect(try workspace.fileNames == ["data", "numbers.ndjson"])
        }
    }
}
