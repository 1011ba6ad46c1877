/// The bytes of a file, in pieces that are freed one by one as they are read.
package struct FilePieces: Sendable {
    private let pieceBytes: Int
    private var pieces: [[UInt8]] = []
    private var nextPiece = 0
    package private(set) var byteCount = 0
    /// How many bytes were returned or skipped.
    private(set) var takenCount = 0

    /// - Parameter pieceBytes: The size of a piece. One of the default size has some thousand rows.
    package init(pieceBytes: Int = 128 * 1024) {
        self.pieceBytes = pieceBytes
    }

    package mutating func append(_ bytes: some Collection<UInt8>) {
        guard !bytes.isEmpty else { return }
        byteCount += bytes.count
        if let last = pieces.last, last.count + bytes.count <= pieceBytes {
            pieces[pieces.count - 1] += bytes
            return
        }
        var piece: [UInt8] = []
        piece.reserveCapacity(max(pieceBytes, bytes.count))
        piece += bytes
        pieces.append(piece)
    }

    /// The first of the bytes that were not returned yet.
    func head(_ count: Int) -> [UInt8] { Array(pieces[nextPiece...].joined().prefix(count)) }

    func begins(with bytes: [UInt8]) -> Bool { head(bytes.count) == bytes }

    /// Skips bytes that the file has.
    mutating func skip(_ count: Int) {
        let end = takenCount + count
        while takenCount < end {
            let count = min(end - takenCount, pieces[nextPiece].count)
            pieces[nextPiece].removeFirst(count)
            takenCount += count
            if pieces[nextPiece].isEmpty { nextPiece += 1 }
        }
    }

    /// Returns the rest, and frees it.
    mutating func takeAll() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount - takenCount)
        while let piece = next() { bytes += piece }
        return bytes
    }

    /// Returns the next piece, and frees it; nil after the last.
    mutating func next() -> [UInt8]? {
        guard nextPiece < pieces.count else { return nil }
        defer {
            takenCount += pieces[nextPiece].count
            pieces[nextPiece] = []
            nextPiece += 1
        }
        return pieces[nextPiece]
    }
}
