import Testing

@Suite struct UserCommandTests {
    private let good = "violet-5-elephants\n"

    @Test func addsListsChangesAndRemoves() async throws {
        try await Workspace.with(numbers: 1) { workspace in
            func user(_ command: String, input: String = "") throws -> String {
                let run = try workspace.carrier("user " + command, input: input)
                let isError = run.errors.hasPrefix("Error: ")
                return run.status == (isError ? 1 : 0) ? run.output + run.errors : "\(run)"
            }
            let ana = try user("add Ana --role supervisor", input: good)
            #expect(ana == "Added ana, supervisor.\n")
            #expect(try user("add bob.b", input: good) == "Added bob.b, salesperson.\n")
            #expect(try user("list") == "ana    supervisor\nbob.b  salesperson\n")
            #expect(try user("add ana", input: good) == "Error: The user ana exists already.\n")
            for last in ["remove ana", "set-role ana salesperson"] {
                #expect(try user(last).hasPrefix("Error: ana is the last supervisor; "))
            }
            #expect(try user("set-role bob.b supervisor") == "bob.b is supervisor.\n")
            #expect(try user("remove ana") == "Removed ana.\n")
            #expect(try user("remove ana") == "Error: There is no user ana.\n")
            #expect(
                try user("set-password bob.b", input: good)
                    == "bob.b has a new password and is signed out.\n")
            #expect(try user("list") == "bob.b  supervisor\n")
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
    func rejectsBadPasswords(input: String, message: String) async throws {
        try await Workspace.with(numbers: 1) { workspace in
            let errors = try workspace.errors("user add ana", input: input)
            #expect(errors == message)
            #expect(try workspace.carrier("user list").output.isEmpty)
        }
    }
}
