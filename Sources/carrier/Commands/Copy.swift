internal import ArgumentParser
internal import Inventory
internal import Storage

struct Copy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy a whole inventory to an empty database: all of it, or nothing.",
        discussion: """
            Ids, versions, users and the history stay what they are; sessions end. The source is copied as it is at \
            one moment, so stop the servers that write to it first.

            Each database is written as sqlite: and the path of a file, or as an address such as \
            postgres://carrier@db.example/inventory, whose password may be in the file that \
            DATABASE_PASSWORD_FILE names.
            """)

    @Option(help: ArgumentHelp("The database to copy from.", valueName: "url")) var from: String
    @Option(help: ArgumentHelp("The database to copy to.", valueName: "url")) var to: String

    func run() async throws {
        let source = try location(from, "--from")
        let target = try location(to, "--to")
        try await source.withStore { source in
            try await target.withStore(creates: true) { target in
                // Blocks its thread, but nothing else runs in this program.
                let size = try source.withSnapshot { snapshot in
                    let size = try snapshot.size()
                    let bar = ProgressBar(total: size.numbers)
                    try target.restore(snapshot) { bar.show($0) }
                    return size
                }
                print("Copied \(size).")
            }
        }
    }

    private func location(_ text: String, _ flag: String) throws -> DatabaseLocation {
        do {
            return try DatabaseLocation(text)
        } catch let rule as SettingRule {
            throw ValidationError(rule.message(about: text, of: flag))
        }
    }
}
