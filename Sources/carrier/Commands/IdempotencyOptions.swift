internal import ArgumentParser
internal import Foundation
internal import Inventory

struct IdempotencyOptions: ParsableArguments {
    @Option(
        name: .customLong("idempotency-key"),
        help: ArgumentHelp(
            "Do it once: within 24 hours, the same command with this key only prints the outcome again.",
            valueName: "key"),
        transform: { text in
            do throws(InvalidValue) {
                // All commands share a user name that no user can have. So two commands cannot use
                // the same key.
                return try IdempotencyKey(text, of: "carrier command")
            } catch {
                throw ValidationError("It \(error.reason).")
            }
        })
    var key: IdempotencyKey?

    /// Makes a change and prints its outcome; on a replay, prints the outcome of the first run.
    ///
    /// - Parameter digest: The digest of the command, its options, and what it reads.
    /// - Parameter text: What the command prints.
    /// - Parameter change: Makes the change. Its argument is nil if no key was given.
    func printOutcome<Outcome>(
        of digest: RequestDigest, at time: Date, as text: @escaping @Sendable (Outcome) -> String,
        _ change: (IdempotentRequest<Outcome>?) async throws -> Outcome
    ) async throws {
        let request = key.map { key in
            IdempotentRequest(key, digest, at: time) { outcome in
                ChangeResponse(status: 0, change: nil, body: Array(text(outcome).utf8))
            }
        }
        var lines: String
        do {
            lines = text(try await change(request))
        } catch let replay as Replay {
            lines = String(decoding: replay.response.body, as: UTF8.self)
            lines += " This was done before with the same key; nothing was done now."
        }
        for line in lines.split(separator: "\n") { print(String(line)) }
    }
}
