internal import Foundation

final class OpenFile: Sendable {
    private static let pieceBytes = 128 * 1024

    static let standardInput = OpenFile(STDIN_FILENO, "Standard input")
    static let standardOutput = OpenFile(STDOUT_FILENO, "Standard output")

    private let descriptor: Int32
    private let name: String

    private init(_ descriptor: Int32, _ name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    init(_ path: String, _ flags: Int32, mode: mode_t = 0, name: String? = nil) throws {
        self.name = name ?? path
        descriptor = open(path, flags | O_CLOEXEC, mode)
        let verb = flags & O_ACCMODE == O_RDONLY ? "read" : "written"
        guard descriptor >= 0 else {
            throw CommandFailure("\(self.name) cannot be \(verb)", errno)
        }
    }

    deinit {
        if descriptor > STDERR_FILENO { close(descriptor) }
    }

    /// Returns the next bytes; nil at the end.
    func read() throws -> [UInt8]? {
        var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
        while true {
            let count = Foundation.read(descriptor, &piece, piece.count)
            if count > 0 { return Array(piece.prefix(count)) }
            if count == 0 { return nil }
            guard errno == EINTR else { throw CommandFailure("\(name) cannot be read", errno) }
        }
    }

    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count >= 0 || errno == EINTR else {
                throw CommandFailure("\(name) cannot be written", errno)
            }
            rest = rest.dropFirst(max(0, count))
        }
    }

    /// Writes all of the file to the disk, renames it, and writes the new name to the disk.
    func finish(_ path: String, as newPath: String) throws {
        guard fsync(descriptor) == 0, rename(path, newPath) == 0 else {
            throw CommandFailure("\(name) cannot be written", errno)
        }
        // Ignore folders that cannot be read, and file systems that cannot sync folders.
        let folder = URL(fileURLWithPath: newPath).deletingLastPathComponent().path
        if let folder = try? OpenFile(folder, O_RDONLY), fsync(folder.descriptor) != 0,
            errno != EINVAL
        {
            throw CommandFailure("\(name) cannot be written", errno)
        }
    }
}

/// A file that has another name until it is complete, so that a part never looks complete.
final class OutputFile {
    private let path: String
    /// Nil for standard output and for existing pipes and devices, which are written to directly.
    private let partialPath: String?
    private let file: OpenFile
    private var isFinished = false

    /// - Parameter isNew: Whether the file must not exist. Then only its owner gets access.
    init(_ path: String, isNew: Bool = false) throws {
        self.path = path
        guard path != "-" || isNew else {
            partialPath = nil
            file = .standardOutput
            return
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let type = attributes?[.type] as? FileAttributeType
        let partialPath = path + ".partial"
        guard type == nil || !isNew else {
            throw CommandFailure("\(path) exists already, and was not changed.")
        }
        guard !isNew || !FileManager.default.fileExists(atPath: partialPath) else {
            throw CommandFailure(
                """
                \(partialPath) exists already: another backup writes it, or was interrupted. If it was \
                interrupted, remove the file.
                """)
        }
        self.partialPath = type == nil || type == .typeRegular ? partialPath : nil
        file = try OpenFile(
            self.partialPath ?? path, O_WRONLY | O_CREAT | (isNew ? O_EXCL : O_TRUNC),
            mode: isNew ? 0o600 : 0o666, name: path)
    }

    deinit {
        if let partialPath, !isFinished { unlink(partialPath) }
    }

    func write(_ bytes: [UInt8]) throws { try file.write(bytes) }

    func finish() throws {
        if let partialPath { try file.finish(partialPath, as: path) }
        isFinished = true
    }
}
