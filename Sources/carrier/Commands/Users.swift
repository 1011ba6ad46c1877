internal import ArgumentParser
internal import Credentials
internal import Foundation
internal import Inventory
internal import Storage

struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Add, list, change and remove users.",
        discussion: """
            A supervisor can do everything, a salesperson can read. A password is typed at a prompt, or \
            read from standard input if that is no terminal. Changes take effect at once, also while \
            the server runs.
            """,
        subcommands: [Add.self, List.self, SetPassword.self, SetRole.self, Remove.self])
}

private struct UsernameArgument: ParsableArguments {
    @Argument(
        help: "The user's name: letters a to z, digits and . _ - @.",
        transform: { text in
            do throws(InvalidValue) {
                return try Username(text)
            } catch {
                throw ValidationError("A user name \(error.reason).")
            }
        })
    var username: Username
}

extension Role: ExpressibleByArgument {}

extension Users {
    struct Add: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "Add a user.")

        @OptionGroup private var argument: UsernameArgument
        @Option(help: "What the user may do.") var role: Role = .salesperson
        @OptionGroup var database: DatabaseOptions

        func run(_ store: any TransferableStore) async throws {
            let hash = try await PasswordHasher().hash(PasswordSource.prompt.read())
            let user = try await store.createUser(
                UserDraft(username: argument.username, role: role, passwordHash: hash))
            print("Added \(user.username), \(user.role.rawValue).")
        }
    }

    struct List: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "List the users.")

        @OptionGroup var database: DatabaseOptions

        func run(_ store: any TransferableStore) async throws {
            let users = try await store.listUsers().map { ("\($0.username)", $0.role.rawValue) }
            let width = users.map(\.0.count).max() ?? 0
            for (name, role) in users {
                print(name + String(repeating: " ", count: width - name.count + 2) + role)
            }
        }
    }

    struct SetPassword: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a user another password, and end the user's sessions.")

        @OptionGroup private var argument: UsernameArgument
        @OptionGroup var database: DatabaseOptions

        func run(_ store: any TransferableStore) async throws {
            let hash = try await PasswordHasher().hash(PasswordSource.prompt.read())
            try await store.updateUser(
                .username(argument.username), role: nil, passwordHash: hash, now: .now)
            print("\(argument.username) has a new password and is signed out.")
        }
    }

    struct SetRole: StoreCommand {
        static let configuration = CommandConfiguration(abstract: "Give a user another role.")

        @OptionGroup private var argument: UsernameArgument
        @Argument(help: "What the user may do.") var role: Role
        @OptionGroup var database: DatabaseOptions

        func run(_ store: any TransferableStore) async throws {
            try await store.updateUser(
                .username(argument.username), role: role, passwordHash: nil, now: .now)
            print("\(argument.username) is \(role.rawValue).")
        }
    }

    struct Remove: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a user, and end the user's sessions.")

        @OptionGroup private var argument: UsernameArgument
        @OptionGroup var database: DatabaseOptions

        func run(_ store: any TransferableStore) async throws {
            try await store.removeUser(.username(argument.username))
            print("Removed \(argument.username).")
        }
    }
}
