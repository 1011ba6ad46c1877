import Foundation
import StoreTesting
import Testing

struct Run {
    let status: Int32
    let output: String
    let errors: String
}

/// A folder in which the built program runs.
struct Workspace {
    /// The build puts the program into the same folder as the tests.
    static let program = URL(fileURLWithPath: CommandLine.arguments[0])
        .resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "carrier")

    let folder: URL

    var fileNames: Set<String> {
        get throws { try Set(FileManager.default.contentsOfDirectory(atPath: folder.path)) }
    }

    /// - Parameter count: How many numbers to seed; nil for no inventory.
    static func with(
        numbers count: Int? = nil, _ body: (Workspace) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let workspace = Workspace(folder: folder)
            if let count {
                try #require(try workspace.carrier("seed --count \(count)").status == 0)
            }
            try await body(workspace)
        }
    }

    /// - Parameter environment: All environment variables; none are inherited.
    func carrier(
        _ command: String, input: String = "", environment: [String: String] = [:]
    ) throws -> Run {
        try run(Self.program, command, input: input, environment: environment)
    }

    func run(
        _ program: URL, _ command: String, input: String = "", environment: [String: String] = [:]
    ) throws -> Run {
        let process = Process()
        process.executableURL = program
        process.arguments = command.split(separator: " ").map(String.init)
        process.environment = environment
        process.currentDirectoryURL = folder
        let (given, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = given
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        try given.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try given.fileHandleForWriting.close()
        let outputData = try output.fileHandleForReading.readToEnd() ?? Data()
        let errorData = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Run(
            status: process.terminationStatus, output: String(decoding: outputData, as: UTF8.self),
            errors: String(decoding: errorData, as: UTF8.self))
    }

    /// Runs a command that must fail, and returns its standard error.
    func errors(
        _ command: String, input: String = "", environment: [String: String] = [:],
        status: Int32 = 1
    ) throws -> String {
        let run = try carrier(command, input: input, environment: environment)
        #expect(run.status == status, "\(run)")
        return run.errors
    }

    func help(_ command: String) throws -> String {
        try carrier(command + " --help").output
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
