internal import ArgumentParser
internal import Storage

struct Copy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy a whole inventory to an empty database: all of it, or nothing.",
        discussion: """
            It copies one snapshot with ids, versions, users and history, without sessions. First stop \
            the servers that write to the source.

            A database is sqlite: and the path of a file, or an address such as \
            postgres://carrier@db.example/inventory. Its password may be in the file that \
            DATABASE_PASSWORD_FILE names.
            """)

    @Option(help: ArgumentHelp("The database to copy from.", valueName: "url")) var from: String
    @Option(help: ArgumentHelp("The database to copy to.", valueName: "url")) var to: String

    func run() async throws {
        let source = try Settings.database.value(from, flag: "from")
        let target = try Settings.database.value(to, flag: "to")
        try await source.withStore { source in
            try await target.withStore(creates: true) { target in
                // This blocks its thread, but nothing else runs in this program.
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
}
