import Foundation
import StoreTesting
import Testing

/// `carrier user` as a process.
@Suite struct UserCommandTests {
    private let good = "violet-5-elephants\n"

    @Test func addsListsChangesAndRemoves() async throws {
        try await withTemporaryFolder { folder in
            try #require(try carrier(["seed", "--count", "1"], in: folder).status == 0)
            let ana = try carrier(
                ["user", "add", "Ana", "--role", "supervisor"], input: good, in: folder)
            #expect(ana.status == 0, "\(ana.errors)")
            #expect(ana.output == "Added ana, supervisor.\n")
            #expect(try carrier(["user", "add", "bob.b"], input: good, in: folder).status == 0)
            #expect(
                try carrier(["user", "list"], in: folder).output
                    == "ana    supervisor\nbob.b  salesperson\n")

            let twice = try carrier(["user", "add", "ana"], input: good, in: folder)
            #expect(twice.status == 1)
            #expect(twice.errors == "Error: There is a user ana already.\n")
            let last = try carrier(["user", "remove", "ana"], in: folder)
            #expect(last.status == 1)
            #expect(last.errors.hasPrefix("Error: ana is the last supervisor; "))
            #expect(
                try carrier(["user", "set-role", "ana", "salesperson"], in: folder).status == 1)

            let promoted = try carrier(["user", "set-role", "bob.b", "supervisor"], in: folder)
            #expect(promoted.output == "bob.b is supervisor.\n")
            #expect(try carrier(["user", "remove", "ana"], in: folder).output == "Removed ana.\n")
            let gone = try carrier(["user", "remove", "ana"], in: folder)
            #expect(gone.errors == "Error: There is no user ana.\n")
            let password = try carrier(["user", "set-password", "bob.b"], input: good, in: folder)
            #expect(password.output == "bob.b has another password and is signed out.\n")
            #expect(
                try carrier(["user", "list"], in: folder).output == "bob.b  supervisor\n")
        }
    }

    @Test(arguments: [
        ("", "Error: There is no password on standard input.\n"),
        ("short\n", "Error: The password must have at least 8 characters.\n"),
        (
            "Password1\n",
            "Error: The password is among the most common ones, which are tried first; "
                + "choose another.\n"
        ),
    ])
    func refusesABadPassword(input: String, sentence: String) async throws {
        try await withTemporaryFolder { folder in
            try #require(try carrier(["seed", "--count", "1"], in: folder).status == 0)
            let run = try carrier(["user", "add", "ana"], input: input, in: folder)
            #expect(run.status == 1)
            #expect(run.errors == sentence)
            #expect(try carrier(["user", "list"], in: folder).output.isEmpty)
        }
    }
}
