internal import Foundation
internal import Synchronization

/// A file or pipe that lines are written to without ever waiting for its reader.
///
/// A pipe holds some 64 KiB. Where nobody reads it, a program that writes more stands still, and with
/// it the whole server. Here lines are dropped instead, and counted.
final class LogOutput: Sendable {
    private struct State {
        var droppedLines = 0
        var isInsideLine = false
    }

    static let standardError = LogOutput(descriptor: STDERR_FILENO)

    /// For how many bytes a pipe that takes any has room at the least (POSIX's PIPE_BUF).
    private static let pieceBytes = 4096

    private let descriptor: Int32
    /// Nobody reads from a file as from a pipe, so it always has room.
    private let isFile: Bool
    private let state = Mutex(State())

    init(descriptor: Int32) {
        self.descriptor = descriptor
        // Only what has a position is no pipe, socket or terminal.
        isFile = lseek(descriptor, 0, SEEK_CUR) >= 0
    }

    /// Writes `line`, which ends in a line break, or drops it where there is no room.
    ///
    /// - Parameter note: A line that tells how many were dropped before.
    func write(_ line: [UInt8], note: (Int) -> [UInt8]) {
        state.withLock { state in
            if state.isInsideLine, writePieces([UInt8(ascii: "\n")]) { state.isInsideLine = false }
            if state.droppedLines > 0, !state.isInsideLine,
                writePieces(note(state.droppedLines))
            {
                state.droppedLines = 0
            }
            guard state.droppedLines == 0, !state.isInsideLine else {
                state.droppedLines += 1
                return
            }
            guard hasRoom else {
                state.droppedLines += 1
                return
            }
            if !writePieces(line) {
                state.droppedLines += 1
                state.isInsideLine = true
            }
        }
    }

    private var hasRoom: Bool {
        if isFile { return true }
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&request, 1, 0) == 1 && request.revents & Int16(POLLOUT) != 0
    }

    /// Whether all of `bytes` was written.
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
