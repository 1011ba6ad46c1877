internal import Foundation
internal import Inventory
internal import Storage

extension PostgresStore {
    /// Writes an inventory to a file with `pg_dump`; `pg_restore` reads the file. The schema may be
    /// older than the program's. The file has no sessions, so a restore revives none.
    ///
    /// - Throws: ``BackupError``, `NoInventory`, ``OpeningError`` and ``PostgresError``.
    package static func backUp(_ address: PostgresAddress, to path: String) throws {
        try Migrator(address: address).checkExists()
        let programs = try matchingPrograms(at: address, for: path)
        let options = ["--format=custom", "--exclude-table-data=session", "--file=\(path)"]
        try run(programs + "/pg_dump", options, at: address)
        try run(programs + "/pg_restore", ["--file=/dev/null", path], at: address)
    }

    /// The folder with programs of the server's major version: the server may be unable to read a
    /// file that a newer pg_dump has written.
    private static func matchingPrograms(
        at address: PostgresAddress, for path: String
    ) throws -> String {
        let version = try Connection(address, Preparation(isOn: false))
            .row("SELECT current_setting('server_version_num')::int / 10000") { $0.text() }
        let major = version ?? ""
        let folders = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":")
        let candidates = ["/usr/lib/postgresql/\(major)/bin"] + folders.map(String.init)
        for folder in candidates
        where ["/pg_dump", "/pg_restore"].allSatisfy({
            FileManager.default.isExecutableFile(atPath: folder + $0)
        }) {
            // "pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)"
            let output = try? run(folder + "/pg_dump", ["--version"], at: address)
            let words = output?.split(separator: " ").prefix(3)
            if let words, words.last?.split(separator: ".").first ?? "" == major { return folder }
        }
        throw BackupError(
            description: """
                There is no pg_dump of PostgreSQL \(major) here. Run it where it is installed: \
                pg_dump --format=custom --exclude-table-data=session --file=\(path) --dbname='\(address)'
                """)
    }

    /// Passes the address in the environment, because all users of the machine see the arguments.
    @discardableResult
    private static func run(
        _ program: String, _ arguments: [String], at address: PostgresAddress
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(address.environment) { $1 }
        let (output, errors) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Both texts fit into the buffers of the pipes, so neither blocks the program.
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let reason = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BackupError(
                description: "\(program) failed: "
                    + String(decoding: reason, as: UTF8.self)
                    .trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// Why a database was not backed up, as a message for the operator.
private struct BackupError: Error, CustomStringConvertible {
    let description: String
}
