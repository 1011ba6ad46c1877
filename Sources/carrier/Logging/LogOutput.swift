internal import Foundation
internal import Synchronization

/// Writes lines. If a pipe is full, it drops lines and counts them, so the server never waits.
final class LogOutput: Sendable {
    private struct State {
        var droppedLines = 0
        /// Whether only a part of the last line was written.
        var isInsideLine = false
    }

    static let standardError = LogOutput(descriptor: STDERR_FILENO)

    /// A pipe that is ready has room for this many bytes (POSIX's PIPE_BUF).
    private static let pieceBytes = 4096

    private let descriptor: Int32
    private let isFile: Bool
    private let state = Mutex(State())

    init(descriptor: Int32) {
        self.descriptor = descriptor
        // Pipes, sockets and terminals have no position.
        isFile = lseek(descriptor, 0, SEEK_CUR) >= 0
    }

    /// Writes or drops `line`, which must end in a line break. `note` returns a line that reports
    /// how many lines were dropped.
    func write(_ line: [UInt8], note: (Int) -> [UInt8]) {
        state.withLock { state in
            if state.isInsideLine { state.isInsideLine = !writePieces([UInt8(ascii: "\n")]) }
            if !state.isInsideLine, state.droppedLines > 0, writePieces(note(state.droppedLines)) {
                state.droppedLines = 0
            }
            guard !state.isInsideLine, state.droppedLines == 0, hasRoom else {
                state.droppedLines += 1
                return
            }
            if !writePieces(line) {
                state.droppedLines += 1
                state.isInsideLine = true
            }
        }
    }

    /// A file always has room, since it needs no reader.
    private var hasRoom: Bool {
        if isFile { return true }
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, 0) == 1 && request.revents & Int16(POLLOUT) != 0
    }

    private func writePieces(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard hasRoom else { return false }
            let count = rest.prefix(Self.pieceBytes).withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
