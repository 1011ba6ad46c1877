internal import ArgumentParser
internal import SQLiteStore
internal import Storage

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a whole inventory, and list its errors.",
        discussion: """
            It checks one snapshot and changes nothing; others can read and write meanwhile. The exit \
            status is 0 without errors, else 1.
            """)

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        let check =
            switch try database.location() {
            case .sqlite(let path): try SQLiteStore.check(path: path)
            case let location:
                try await location.withStore(migrates: false) {
                    try $0.withSnapshot { $0.check() }
                }
            }
        guard let size = check.size, check.isGood else {
            for line in check.lines { print(line) }
            throw ExitCode.failure
        }
        print("\(size) were checked: all is well.")
    }
}

extension InventoryCheck {
    var lines: [String] {
        errors.flatMap { $0.first.map(\.description).orMore(of: $0.total) }
            + (size == nil ? ["The database cannot be read whole."] : [])
    }
}
