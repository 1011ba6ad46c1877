/// The bytes of a file, in pieces that are freed one by one as they are read.
package struct FilePieces: Sendable {
    private let pieceBytes: Int
    private var pieces: [[UInt8]] = []
    private var nextPiece = 0
    package private(set) var byteCount = 0
    /// The number of bytes that ``next()`` has returned.
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

    func begins(with bytes: [UInt8]) -> Bool { pieces.joined().starts(with: bytes) }

    mutating func skipByteOrderMark() {
        guard begins(with: [0xEF, 0xBB, 0xBF]) else { return }
        while takenCount < 3 {
            let count = min(3 - takenCount, pieces[nextPiece].count)
            pieces[nextPiece].removeFirst(count)
            takenCount += count
            if pieces[nextPiece].isEmpty { nextPiece += 1 }
        }
    }

    var rest: ArraySlice<[UInt8]> { pieces[nextPiece...] }

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
