internal import ArgumentParser
internal import Foundation

/// Feeds the parsers of what clients write with texts that are nearly right: `make fuzz`.
@main
struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz",
        abstract: "Try parsers with many texts, the same ones for the same seed.",
        discussion: """
            A text that ends the program is the content of the file that --current names; \
            `fuzz PARSER --input FILE` tries it again.
            """)

    @Argument(help: "Some of: \(Target.all.map(\.name).joined(separator: ", ")); all unless told.")
    var parsers: [String] = []

    @Option(help: "How long to try each.")
    var seconds = 2.0

    @Option var seed: UInt64 = 1

    @Option(help: "The largest text, in bytes.")
    var largest = 64 * 1024

    @Option(help: "Where the text is kept that is tried just now.")
    var current = FileManager.default.temporaryDirectory
        .appending(path: "carrier-fuzz-\(ProcessInfo.processInfo.processIdentifier)").path

    @Option(help: "Try the content of this file and nothing else.")
    var input: String?

    func validate() throws {
        for name in parsers where !Target.all.contains(where: { $0.name == name }) {
            throw ValidationError("There is no parser \(name).")
        }
    }

    func run() throws {
        defer { try? FileManager.default.removeItem(at: LocalServer.folder) }
        for target in Target.all where parsers.isEmpty || parsers.contains(target.name) {
            if let input {
                let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: input)))
                try check(target, bytes)
            } else {
                try attack(target)
            }
        }
        try? FileManager.default.removeItem(atPath: current)
    }

    private func attack(_ target: Target) throws {
        let record = try Record(path: current)
        var mutator = Mutator(target: target, seed: seed, largest: largest)
        let end = ContinuousClock.now + .seconds(seconds)
        var count = 0
        var accepted = 0
        var slowest = 0.0
        while ContinuousClock.now < end {
            let bytes = mutator.next()
            record.keep(bytes)
            let result = try check(target, bytes)
            accepted += result.isAccepted ? 1 : 0
            slowest = max(slowest, result.milliseconds)
            // What is understood is worth changing further.
            if result.isAccepted { mutator.learn(bytes) }
            count += 1
        }
        print(
            "\(target.name): \(count) texts, \(accepted) of them understood,"
                + " the slowest took \(Int(slowest.rounded(.up))) ms")
    }

    @discardableResult
    private func check(
        _ target: Target, _ bytes: [UInt8]
    ) throws -> (isAccepted: Bool, milliseconds: Double) {
        let began = Self.processorMilliseconds
        do {
            let isAccepted = try target.check(String(decoding: bytes, as: UTF8.self))
            let milliseconds = Self.processorMilliseconds - began
            // A build for debugging with the sanitizer takes microseconds for a byte; what costs
            // the square of its length takes seconds for a text of the largest size.
            let bound = target.milliseconds + 0.015 * Double(bytes.count)
            guard milliseconds < bound else {
                throw Broken("\(Int(milliseconds)) ms for \(bytes.count) bytes")
            }
            return (isAccepted, milliseconds)
        } catch let error as Broken {
            let file = "\(current)-\(target.name)"
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            let text = String(decoding: bytes.prefix(300), as: UTF8.self)
            throw Broken(
                "\(target.name), seed \(seed): \(error.reason)\n\(text)\nIt is in \(file).")
        }
    }

    /// How long this process has worked, on all its threads.
    private static var processorMilliseconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
    }
}

/// What a parser must do for any text, and did not.
struct Broken: Error, CustomStringConvertible {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    var description: String { reason }
}

/// A file that has the text of the moment also after the program was ended by it.
private struct Record {
    private let descriptor: Int32

    init(path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        guard descriptor >= 0 else { throw Broken("\(path) cannot be written") }
    }

    func keep(_ bytes: [UInt8]) {
        let written = pwrite(descriptor, bytes, bytes.count, 0)
        let cut = ftruncate(descriptor, off_t(bytes.count))
        precondition(written == bytes.count && cut == 0, "the file for the text is full")
    }
}
