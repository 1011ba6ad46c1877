internal import ArgumentParser
internal import Foundation

@main
struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try parsers and the server with random texts, the same ones for the same seed.",
        discussion: """
            If a text ends the program, try the file that is printed first again: \
            fuzz TARGET --input FILE
            """)

    @Argument(help: "Some of: \(Target.all.map(\.name).joined(separator: ", ")); default: all.")
    var targets: [String] = []
    @Option(help: "How long to try each.") var seconds = 2.0
    @Option var seed: UInt64 = 1
    @Option(help: "Try the content of this file and nothing else.") var input: String?

    static let largestText = 64 * 1024
    /// The prefix of all file names of this process.
    static let path = FileManager.default.temporaryDirectory
        .appending(path: "carrier-fuzz-\(ProcessInfo.processInfo.processIdentifier)").path

    func validate() throws {
        for name in targets where !Target.all.contains(where: { $0.name == name }) {
            throw ValidationError("There is no target \(name).")
        }
    }

    func run() throws {
        defer { try? FileManager.default.removeItem(at: LocalServer.folder) }
        let chosen = Target.all.filter { targets.isEmpty || targets.contains($0.name) }
        if let input {
            let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: input)))
            for target in chosen { _ = try check(target, bytes) }
        } else {
            print("The current text is in \(Self.path).")
            for target in chosen { try attack(target) }
            try FileManager.default.removeItem(atPath: Self.path)
        }
    }

    private func attack(_ target: Target) throws {
        let file = URL(fileURLWithPath: Self.path)
        try Data().write(to: file)
        let current = try FileHandle(forWritingTo: file)
        var mutator = Mutator(target: target, seed: seed)
        let end = ContinuousClock.now + .seconds(seconds)
        var (count, accepted, slowest) = (0, 0, 0.0)
        while ContinuousClock.now < end {
            let bytes = mutator.next()
            // Write the text to the file first, which keeps it if the program crashes.
            try current.truncate(atOffset: 0)
            try current.write(contentsOf: Data(bytes))
            let result = try check(target, bytes)
            count += 1
            slowest = max(slowest, result.milliseconds)
            // Mutations of accepted texts find more errors.
            if result.isAccepted {
                accepted += 1
                mutator.learn(bytes)
            }
        }
        print("\(target.name): \(count) texts, \(accepted) accepted, \(slowest.rounded(.up)) ms")
    }

    private func check(
        _ target: Target, _ bytes: [UInt8]
    ) throws -> (isAccepted: Bool, milliseconds: Double) {
        let start = Self.processorMilliseconds
        do {
            let isAccepted = try target.check(String(decoding: bytes, as: UTF8.self))
            let milliseconds = Self.processorMilliseconds - start
            // With the sanitizer, a debug build takes microseconds a byte; quadratic code takes
            // seconds for a large text.
            guard milliseconds < target.milliseconds + 0.015 * Double(bytes.count) else {
                throw Broken("\(Int(milliseconds)) ms for \(bytes.count) bytes")
            }
            return (isAccepted, milliseconds)
        } catch let error as Broken {
            let file = "\(Self.path)-\(target.name)"
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            let text = String(decoding: bytes.prefix(300), as: UTF8.self)
            throw Broken("\(target.name), seed \(seed): \(error)\n\(text)\nIt is in \(file).")
        }
    }

    private static var processorMilliseconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
    }
}
