internal import ArgumentParser
internal import Foundation
internal import Inventory
internal import Storage

struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show and prune the changes of numbers.",
        discussion: """
            A change is what one request or command did. It is kept until it is pruned. Undo it with: \
            carrier undo CHANGE.
            """,
        subcommands: [List.self, Show.self, Prune.self])
}

extension History {
    struct List: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the changes, the newest first.")

        @Option(help: "How many changes to list, 1000 at most.") var limit = 25
        @Option(help: ArgumentHelp("Only changes that this user made.", valueName: "name"))
        var user: String?
        @Option(help: ArgumentHelp("Only changes of this number.", valueName: "id"))
        var number: Int64?
        @OptionGroup var database: DatabaseOptions

        func validate() throws {
            guard Paging.perPageRange.contains(limit) else {
                throw ValidationError("--limit must be from 1 to 1000.")
            }
        }

        func run(_ store: any TransferableStore) async throws {
            let page = try await store.listChanges(
                ChangeQuery(paging: Paging(perPage: limit), username: user, numberID: number))
            for change in page.elements { print(change.line) }
            let others = page.total - page.elements.count
            if others > 0 { print("… and \(others) older.") }
            if page.total == 0 { print("There are no such changes.") }
        }
    }

    struct Show: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a change did to each of its numbers.")

        @Argument(help: "The change's id.") var change: Int64
        @OptionGroup var database: DatabaseOptions

        func run(_ store: any TransferableStore) async throws {
            print(try await store.change(change).line)
            for page in 1... {
                let numbers = try await store.changedNumbers(
                    ofChange: change, Paging(page: page, perPage: 1000))
                for number in numbers.elements { print(number.line) }
                guard page * 1000 < numbers.total else { break }
            }
        }
    }

    struct Prune: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete the changes before a day, which then cannot be undone.",
            discussion: """
                It shows how many changes that are, and asks. Numbers do not change; others can read and \
                write meanwhile.
                """)

        @Option(
            help: ArgumentHelp("The first day to keep, such as 2026-01-31.", valueName: "date"),
            transform: { text in
                let day = Date.ISO8601FormatStyle(timeZone: .current).year().month().day()
                guard let date = try? day.parse(text) else {
                    throw ValidationError("\(text) is no day such as 2026-01-31.")
                }
                return date
            })
        var before: Date
        @Flag(help: "Do not ask.") var yes = false
        @OptionGroup var database: DatabaseOptions

        func run(_ store: any TransferableStore) async throws {
            let count = try await store.countChanges(before: before)
            guard count > 0 else { return print("There are no changes before that day.") }
            guard yes || Self.isConfirmed(count) else { return print("Nothing was deleted.") }
            let bar = ProgressBar(total: count)
            var total = 0
            do {
                while case let step = try await store.pruneChanges(before: before), step > 0 {
                    total += step
                    bar.show(total)
                }
            } catch  where total > 0 {
                throw CommandFailure(error, done: "Deleted \(total.changes), not all")
            }
            print("Deleted \(total.changes).")
        }

        private static func isConfirmed(_ count: Int) -> Bool {
            print(
                "This deletes \(count.changes), which then cannot be undone. Go on? [y/N] ",
                terminator: "")
            fflush(nil)
            return ["y", "yes"].contains(readLine()?.lowercased())
        }
    }
}

struct Undo: StoreCommand {
    static let configuration = CommandConfiguration(
        abstract: "Undo a change: what it changed becomes what it was before.",
        discussion: "All of it, or nothing if a part has changed since. Undoing an undo is a redo.")

    @Argument(help: "The change's id, as carrier history list shows it.") var change: Int64
    @OptionGroup var idempotency: IdempotencyOptions
    @OptionGroup var database: DatabaseOptions

    func run(_ store: any TransferableStore) async throws {
        // The name has a blank, so no user can have it.
        let author = Author(username: "carrier undo", at: .now)
        try await idempotency.printOutcome(
            of: RequestDigest(["undo", String(change)]), at: author.at,
            as: { "Undid change \(change): \($0.count.numbers). That is change \($0.id)." }
        ) { try await store.undoChange(change, by: author, once: $0) }
    }
}

extension Change {
    fileprivate var line: String {
        let undo =
            (undoes.map { " of change \($0)" } ?? "")
            + (undoneBy.map { ", undone by change \($0)" } ?? "")
        let time = at.formatted(Date.ISO8601FormatStyle())
        return "\(id)  \(time)  \(username)  \(kind.rawValue)\(undo)  \(count.numbers)"
    }
}

extension ChangedNumber {
    fileprivate var line: String {
        let members = NumberContent.Member.allCases.map { member in
            let (old, new) = (before?.text(of: member), after?.text(of: member))
            return old == new ? new ?? "" : [old, new].compactMap(\.self).joined(separator: " → ")
        }
        let kind = before == nil ? ["created"] : after == nil ? ["deleted"] : []
        return (["  \(id)"] + kind + members).joined(separator: "  ")
    }
}

extension Int {
    var numbers: String { self == 1 ? "1 number" : "\(self) numbers" }
    fileprivate var changes: String { self == 1 ? "1 change" : "\(self) changes" }
}
