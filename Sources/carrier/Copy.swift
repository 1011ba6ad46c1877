internal import ArgumentParser
internal import Foundation
internal import Inventory

/// Moves a whole inventory from one database to another: `carrier copy`.
struct Copy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copy a whole inventory to an empty database: all of it, or nothing.",
        discussion: """
            Ids, versions and users stay what they are; sessions end. The source is read as it is at \
            one moment, so stop the servers that write to it first.
            """)

    @Option(help: ArgumentHelp("Where the inventory is.", valueName: "url"))
    var from: String

    @Option(help: ArgumentHelp("Where it shall be.", valueName: "url"))
    var to: String

    func run() async throws {
        let source = try location(from, "--from")
        let target = try location(to, "--to")
        if case .sqlite(let path) = source, !FileManager.default.fileExists(atPath: path) {
            throw ValidationError("There is no inventory at \(path).")
        }
        try await source.withStore { source in
            try await target.withStore { target in
                let size = try transfer(from: source, to: target)
                print("Copied \(size.numbers) numbers and \(size.users) users.")
            }
        }
    }

    private func location(_ text: String, _ flag: String) throws -> DatabaseLocation {
        do {
            return try DatabaseLocation(text).withPassword(
                from: ProcessInfo.processInfo.environment)
        } catch let rule as SettingRule {
            throw ValidationError("\(flag) must be \(rule.expectation).")
        }
    }

    /// Nothing else runs in this program, so it may block.
    private func transfer(
        from source: any TransferableStore, to target: any TransferableStore
    ) throws -> InventorySize {
        try source.withSnapshot { snapshot in
            let size = try snapshot.size()
            let bar = ProgressBar(total: size.numbers)
            try target.restore(snapshot) { bar.show($0) }
            return size
        }
    }
}

/// How far something is, on a terminal.
private struct ProgressBar {
    let total: Int
    private let isTerminal = isatty(STDERR_FILENO) == 1

    init(total: Int) {
        self.total = total
    }

    func show(_ count: Int) {
        guard isTerminal, total > 0 else { return }
        let width = 40
        let filled = min(width, count * width / total)
        let bar =
            String(repeating: "#", count: filled) + String(repeating: " ", count: width - filled)
        let end = count >= total ? "\n" : ""
        let line = "\r[\(bar)] \(count) of \(total)\(end)"
        try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    }
}
