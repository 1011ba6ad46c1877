internal import Foundation

/// A file that is read from its beginning, piece by piece.
final class InputFile {
    private static let pieceBytes = 128 * 1024

    private let path: String
    private let handle: FileHandle

    /// - Parameter path: `-` for standard input.
    /// - Throws: ``FileError``.
    init(_ path: String) throws {
        self.path = path == "-" ? "Standard input" : path
        if path == "-" {
            handle = .standardInput
        } else {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileError("\(path) cannot be read", errno) }
            handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        }
    }

    /// The next bytes; nil at the end.
    ///
    /// - Throws: ``FileError``.
    func read() throws -> [UInt8]? {
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        while true {
            let count = Foundation.read(handle.fileDescriptor, &piece, piece.count)
            if count > 0 { return Array(piece.prefix(count)) }
            if count == 0 { return nil }
            guard errno == EINTR else { throw FileError("\(path) cannot be read", errno) }
        }
    }

    /// Returns when the file is on the disk.
    ///
    /// - Throws: ``FileError``.
    func synchronize() throws {
        guard fsync(handle.fileDescriptor) == 0 else {
            throw FileError("\(path) cannot be written", errno)
        }
    }
}
