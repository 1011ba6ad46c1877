internal import ArgumentParser
internal import Inventory

struct IdempotencyOptions: ParsableArguments {
    @Option(
        name: .customLong("idempotency-key"),
        help: ArgumentHelp(
            "Do it once: within 24 hours, the same command with this key only prints the outcome again.",
            valueName: "key"),
        transform: { text in
            do throws(InvalidValue) {
                // All commands have one owner, so they share no key. No user can have this name.
                return try IdempotencyKey(text, of: "carrier command")
            } catch {
                throw ValidationError("It \(error.reason).")
            }
        })
    var key: IdempotencyKey?

    /// - Parameter digest: Of the command, its options, and what it reads.
    func request<Outcome>(
        by author: Author, _ digest: RequestDigest,
        printing text: @escaping @Sendable (Outcome) -> String
    ) -> IdempotentRequest<Outcome>? {
        key.map { key in
            IdempotentRequest(key, digest, at: author.at) { outcome in
                ChangeResponse(status: 0, change: nil, body: Array(text(outcome).utf8))
            }
        }
    }

    /// Returns the text of `body`; on a replay, the text printed before.
    static func text(_ body: () async throws -> String) async throws -> String {
        do {
            return try await body()
        } catch let replay as Replay {
            return String(decoding: replay.response.body, as: UTF8.self)
                + " This was done before with the same key; nothing was done now."
        }
    }
}
