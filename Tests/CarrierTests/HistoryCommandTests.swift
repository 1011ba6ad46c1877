import Foundation
import StoreTesting
import Testing

/// `carrier history` and `carrier undo` as processes.
@Suite struct HistoryCommandTests {
    private static let file = """
        value,monthyPrice,setupPrice,currency
        +55 84 91234-4321,0.03,3.40,U$
        +55 84 91234-4322,0.03,3.40,U$

        """
    private static let other = """
        value,monthyPrice,setupPrice,currency
        +55 84 91234-4323,0.03,3.40,U$

        """
    private static let prices = """
        value,monthyPrice
        +55 84 91234-4321,0.05

        """

    /// Calls `body` in a folder whose inventory has two changes: two numbers came, and one was changed.
    private func withHistory(_ body: (URL) throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            for (mode, file) in [("create", Self.file), ("update", Self.prices)] {
                let run = try carrier(
                    ["import", "-", "--create", "--mode", mode], input: file, in: folder)
                try #require(run.status == 0, "\(run.errors)")
            }
            try body(folder)
        }
    }

    /// The lines of what the program printed, without the times.
    private func lines(_ run: Run) -> [String] {
        run.output.split(separator: "\n").map { line in
            String(line).replacing(#/[ ]{2}[0-9-]{10}T[0-9:]{8}Z[ ]{2}/#, with: "  ")
        }
    }

    @Test func listsAndShows() async throws {
        try await withHistory { folder in
            let list = try carrier(["history", "list"], in: folder)
            #expect(
                lines(list) == [
                    "2  carrier import  import  1 number", "1  carrier import  import  2 numbers",
                ])
            let one = try carrier(["history", "list", "--limit", "1"], in: folder)
            #expect(lines(one).last == "… and 1 older ones.")
            let ofOne = try carrier(["history", "list", "--number", "2"], in: folder)
            #expect(lines(ofOne) == ["1  carrier import  import  2 numbers"])
            let nobody = try carrier(["history", "list", "--user", "ana"], in: folder)
            #expect(nobody.output == "There are no such changes.\n")
            let show = try carrier(["history", "show", "2"], in: folder)
            #expect(
                lines(show) == [
                    "2  carrier import  import  1 number",
                    "  1  +55 84 91234-4321  0.03 → 0.05  3.40  U$",
                ])
            let first = try carrier(["history", "show", "1"], in: folder)
            #expect(lines(first).last == "  2  created  +55 84 91234-4322  0.03  3.40  U$")
            let none = try carrier(["history", "show", "7"], in: folder)
            #expect(none.status == 1)
            #expect(none.errors == "Error: There is no change 7.\n")
        }
    }

    @Test func undoes() async throws {
        try await withHistory { folder in
            let early = try carrier(["undo", "1"], in: folder)
            #expect(early.status == 1)
            #expect(
                early.errors == """
                    Error: Change 1 cannot be undone, and nothing was:
                    number 1 was changed since by change 2

                    """)
            #expect(
                try carrier(["undo", "2"], in: folder).output
                    == "Undid change 2: 1 number. That is change 3.\n")
            let twice = try carrier(["undo", "2"], in: folder)
            #expect(twice.errors == "Error: Change 2 was undone already, by change 3.\n")
            #expect(
                try carrier(["undo", "1"], in: folder).output
                    == "Undid change 1: 2 numbers. That is change 4.\n")
            let list = try carrier(["history", "list", "--limit", "1"], in: folder)
            #expect(lines(list).first == "4  carrier undo  undo of change 1  2 numbers")
            let empty = try carrier(["export", "-", "--format", "ndjson"], in: folder)
            #expect(empty.output.isEmpty)
        }
    }

    @Test func prunesWhatItIsToldTo() async throws {
        try await withHistory { folder in
            let prune = ["history", "prune", "--before", "2999-01-01"]
            let refused = try carrier(prune, input: "n\n", in: folder)
            #expect(
                refused.output == """
                    This forgets 2 changes, which cannot be undone any more. Go on? [y/N] \
                    Nothing was forgotten.

                    """)
            let old = try carrier(["history", "prune", "--before", "2020-01-01"], in: folder)
            #expect(old.output == "There are no changes before that day.\n")
            #expect(
                try carrier(prune + ["--yes"], in: folder).output == "Forgot 2 changes.\n")
            #expect(
                try carrier(["history", "list"], in: folder).output
                    == "There are no such changes.\n")
            let undo = try carrier(["undo", "2"], in: folder)
            #expect(undo.errors == "Error: There is no change 2.\n")
            _ = try carrier(["import", "-"], input: Self.other, in: folder)
            for (change, hint) in [("2", "; the oldest that is kept is 3"), ("4", "")] {
                let none = try carrier(["undo", change], in: folder)
                #expect(none.errors == "Error: There is no change \(change)\(hint).\n")
            }
            let day = try carrier(["history", "prune", "--before", "yesterday"], in: folder)
            #expect(day.status == 64)
            #expect(day.errors.contains("yesterday is no day such as 2026-01-31."))
        }
    }
}
