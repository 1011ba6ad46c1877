internal import Foundation

/// A file that is there once all of it is written, so that a part never looks like the whole.
final class OutputFile {
    private let path: String
    private let temporaryPath: String?
    private let handle: FileHandle
    private var isFinished = false

    /// - Parameter path: `-` for standard output. What is there and is no plain file, such as a
    ///   pipe, is written to as it is.
    /// - Throws: ``FileError``.
    init(_ path: String) throws {
        self.path = path
        guard path != "-" else {
            temporaryPath = nil
            handle = .standardOutput
            return
        }
        let type =
            try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
        temporaryPath = type == nil || type == .typeRegular ? path + ".partial" : nil
        let target = temporaryPath ?? path
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC
        let descriptor = open(target, flags, 0o666)
        guard descriptor >= 0 else { throw FileError("\(path) cannot be written", errno) }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    deinit {
        if let temporaryPath, !isFinished { unlink(temporaryPath) }
    }

    /// - Throws: ``FileError``.
    func write(_ bytes: [UInt8]) throws {
        try handle.write(bytes, of: path == "-" ? "Standard output" : path)
    }

    /// - Throws: ``FileError``.
    func finish() throws {
        guard let temporaryPath else { return }
        guard fsync(handle.fileDescriptor) == 0, rename(temporaryPath, path) == 0 else {
            throw FileError("\(path) cannot be written", errno)
        }
        isFinished = true
    }
}

/// Why a file cannot be read or written, as a sentence.
struct FileError: Error, CustomStringConvertible {
    let description: String

}

extension FileError {
    /// - Parameter number: The system's, from `errno`.
    init(_ beginning: String, _ number: Int32) {
        // A standard stream that is closed, see `Carrier.main`.
        let reason = number == EBADF ? "It is closed" : String(cString: strerror(number))
        description = "\(beginning): \(reason)." + (number == ENOSPC ? " Free some space." : "")
    }
}

extension FileHandle {
    /// Writes all of `bytes`; unlike `write(contentsOf:)` with an error that is a message.
    ///
    /// - Parameter name: What the error calls the file.
    /// - Throws: ``FileError``.
    func write(_ bytes: [UInt8], of name: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(fileDescriptor, $0.baseAddress, $0.count)
            }
            guard count >= 0 || errno == EINTR else {
                throw FileError("\(name) cannot be written", errno)
            }
            rest = rest.dropFirst(max(0, count))
        }
    }
}
