internal import Hummingbird
internal import Inventory
internal import NIOCore
internal import NumberFiles
internal import Threads

/// The numbers on their way to a client: they are read and written on a thread of their own, a
/// piece ahead of the client.
///
/// Where the client takes no more, this is let go, and the reading ends.
final class ExportStream: Sendable {
    /// How long one may take: it keeps an old state of the database, and one of few threads.
    private static let longest = Duration.seconds(600)
    /// How long the first numbers may take to be found, as those of a page may.
    private static let longestFirst = Duration.seconds(5)

    private let pieces: RendezvousChannel<ByteBuffer>
    private let first: ByteBuffer

    /// Begins, and waits for the first piece, so that what is wrong from the start is told in place
    /// of an answer.
    ///
    /// - Throws: ``BlockingThreadPool/Busy``, and what the store throws.
    init(
        _ query: NumberQuery, of store: any NumberStore, as writer: NumberWriter,
        threads: BlockingThreadPool
    ) async throws {
        let pieces = RendezvousChannel<ByteBuffer>()
        self.pieces = pieces
        let deadline = ContinuousClock.now + Self.longest
        Task {
            do {
                try await threads.run {
                    try store.exportNumbers(query, firstWithin: Self.longestFirst) { numbers in
                        var text: [UInt8] = []
                        writer.write(numbers, to: &text)
                        try pieces.give(ByteBuffer(bytes: text), before: deadline)
                    }
                }
                pieces.finish()
            } catch {
                pieces.finish(throwing: error)
            }
        }
        var first = ByteBuffer(bytes: writer.beginning)
        if let piece = try await pieces.next() { first.writeImmutableBuffer(piece) }
        self.first = first
    }

    deinit {
        pieces.abandon()
    }

    /// Writes all of it.
    ///
    /// - Throws: What cuts it, after which the connection must end without the end of the answer.
    func write(to writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(first)
        while let piece = try await pieces.next() { try await writer.write(piece) }
        try await writer.finish(nil)
    }
}
