/// The bytes of a file that has arrived, in pieces that are let go of one by one as they are read.
package struct FilePieces: Sendable {
    private let pieceBytes: Int
    private var pieces: [[UInt8]] = []
    private var nextPiece = 0
    /// How many bytes there are in all.
    package private(set) var byteCount = 0
    /// How many of them were taken.
    private(set) var takenCount = 0

    /// - Parameter pieceBytes: How many bytes are read at once: some thousand rows are.
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

    /// The pieces that ``next()`` has not returned yet.
    var rest: ArraySlice<[UInt8]> { pieces[nextPiece...] }

    /// The next piece, which is not kept any longer; nil after the last.
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
