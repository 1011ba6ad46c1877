import Testing

@Suite struct HistoryCommandTests {
    private static let header = "value,monthyPrice,setupPrice,currency\n"
    private static let file =
        header + "+55 84 91234-4321,0.03,3.40,U$\n+55 84 91234-4322,0.03,3.40,U$\n"

    /// Calls `body` with an inventory whose change 1 created two numbers and change 2 updated one.
    private func withHistory(_ body: (Workspace) throws -> Void) async throws {
        try await Workspace.with { workspace in
            let prices = "value,monthyPrice\n+55 84 91234-4321,0.05\n"
            for (mode, file) in [("create", Self.file), ("update", prices)] {
                let run = try workspace.carrier("import - --create --mode \(mode)", input: file)
                try #require(run.status == 0, "\(run.errors)")
            }
            try body(workspace)
        }
    }

    /// The printed lines, without the times.
    private func lines(_ run: Run) -> [String] {
        run.output.split(separator: "\n").map { line in
            String(line).replacing(#/[ ]{2}[0-9-]{10}T[0-9:]{8}Z[ ]{2}/#, with: "  ")
        }
    }

    @Test func listsAndShowsChanges() async throws {
        try await withHistory { workspace in
            func lines(_ command: String) throws -> [String] {
                self.lines(try workspace.carrier("history " + command))
            }
            #expect(
                try lines("list") == [
                    "2  carrier import  import  1 number", "1  carrier import  import  2 numbers",
                ])
            #expect(try lines("list --limit 1").last == "… and 1 older.")
            #expect(try lines("list --number 2") == ["1  carrier import  import  2 numbers"])
            #expect(try lines("list --user ana") == ["There are no such changes."])
            #expect(
                try lines("show 2") == [
                    "2  carrier import  import  1 number",
                    "  1  +55 84 91234-4321  0.03 → 0.05  3.40  U$",
                ])
            #expect(try lines("show 1").last == "  2  created  +55 84 91234-4322  0.03  3.40  U$")
            let none = try workspace.errors("history show 7")
            #expect(none == "Error: There is no change 7.\n")
        }
    }

    @Test func undoesChanges() async throws {
        try await withHistory { workspace in
            let early = try workspace.errors("undo 1")
            #expect(
                early == """
                    Error: Change 1 cannot be undone, and nothing was:
                    monthyPrice of number 1 changed since, by change 2

                    """)
            #expect(
                try workspace.carrier("undo 2").output
                    == "Undid change 2: 1 number. That is change 3.\n")
            #expect(
                try workspace.carrier("undo 2").errors
                    == "Error: Change 2 was undone already, by change 3.\n")
            #expect(
                try workspace.carrier("undo 1").output
                    == "Undid change 1: 2 numbers. That is change 4.\n")
            let list = try workspace.carrier("history list --limit 1")
            #expect(lines(list).first == "4  carrier undo  undo of change 1  2 numbers")
            let show = try workspace.carrier("history show 4")
            #expect(lines(show).last == "  2  deleted  +55 84 91234-4322  0.03  3.40  U$")
            #expect(try workspace.carrier("export - --format ndjson").output.isEmpty)
        }
    }

    @Test func prunesAfterConfirmation() async throws {
        try await withHistory { workspace in
            let prune = "history prune --before 2999-01-01"
            #expect(
                try workspace.carrier(prune, input: "n\n").output == """
                    This deletes 2 changes, which then cannot be undone. Go on? [y/N] \
                    Nothing was deleted.

                    """)
            #expect(
                try workspace.carrier("history prune --before 2020-01-01").output
                    == "There are no changes before that day.\n")
            #expect(try workspace.carrier(prune + " --yes").output == "Deleted 2 changes.\n")
            #expect(
                try workspace.carrier("history list").output == "There are no such changes.\n")
            #expect(try workspace.carrier("undo 2").errors == "Error: There is no change 2.\n")
            let other = Self.header + "+55 84 91234-4323,0.03,3.40,U$\n"
            _ = try workspace.carrier("import -", input: other)
            for (change, hint) in [("2", "; the oldest that is kept is 3"), ("4", "")] {
                #expect(
                    try workspace.carrier("undo \(change)").errors
                        == "Error: There is no change \(change)\(hint).\n")
            }
        }
    }
}
