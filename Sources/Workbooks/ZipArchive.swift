/// The files in a zip archive, by its central directory:
/// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT. Offsets and sizes that the archive
/// declares are checked, because they may be wrong on purpose.
struct ZipArchive: Sendable {
    struct Entry {
        let isEncrypted: Bool
        /// Whether it is compressed (8, deflate) or stored (0); others are not supported.
        let method: Int
        let checksum: Int
        let packedSize: Int
        let size: Int
        /// The position of the header that precedes the file's bytes.
        let header: Int
    }

    private static let mostEntries = 10_000
    private static let mostUnpackedBytes = 512 * 1024 * 1024
    /// The greatest ratio of unpacked to packed bytes. Sheets have ratios up to some 30.
    private static let greatestRatio = 200
    /// Smaller files may have any ratio.
    private static let leastCheckedBytes = 1024 * 1024

    private let bytes: [UInt8]
    /// By name in lower case, because case is not significant (ECMA-376-2, 6.2.2.3). Files with
    /// other names than ASCII are left out.
    private(set) var entries: [String: Entry] = [:]

    init(_ bytes: [UInt8]) throws(UnreadableWorkbook) {
        self.bytes = bytes
        let end = try endRecord()
        let count = try integer(2, at: end + 10)
        guard count <= Self.mostEntries else {
            throw UnreadableWorkbook(
                reason: "is an archive of \(count) files: a workbook may have \(Self.mostEntries)")
        }
        var position = try integer(4, at: end + 16)
        for _ in 0..<count { try readEntry(at: &position) }
        guard !entries.values.contains(where: { $0.size == 0xFFFF_FFFF }) else {
            throw UnreadableWorkbook(
                reason: "is in ZIP64; open it in a spreadsheet, and save it again")
        }
        // No overflow: a size has 32 bits.
        guard entries.values.reduce(0, { $0 + $1.size }) <= Self.mostUnpackedBytes else {
            throw UnreadableWorkbook(
                reason:
                    "unpacks to more than \(Self.mostUnpackedBytes / 1024 / 1024) MiB: save it as CSV"
            )
        }
    }

    /// Returns nil if the archive does not have the file.
    func open(_ name: String) throws(UnreadableWorkbook) -> ZipEntryReader? {
        guard let entry = entries[name.lowercased()] else { return nil }
        guard !entry.isEncrypted else {
            throw UnreadableWorkbook(reason: "is encrypted; save it without a password")
        }
        guard entry.size <= max(Self.leastCheckedBytes, entry.packedSize * Self.greatestRatio)
        else {
            throw UnreadableWorkbook(
                reason: """
                    is compressed more than \(Self.greatestRatio) times, as no price list is: save it \
                    as CSV
                    """)
        }
        guard entry.method == 0 || entry.method == 8,
            try integer(4, at: entry.header) == 0x0403_4B50
        else { throw .damaged("\(name) cannot be unpacked") }
        let start =
            try entry.header + 30 + integer(2, at: entry.header + 26)
            + integer(2, at: entry.header + 28)
        guard start + entry.packedSize <= bytes.count else {
            throw .damaged("\(name) is incomplete")
        }
        return ZipEntryReader(bytes, from: start, entry, name: name)
    }

    /// The position of the record that ends the archive. A comment may follow it.
    private func endRecord() throws(UnreadableWorkbook) -> Int {
        let last = bytes.count - 22
        for position in stride(from: last, through: max(0, last - 0xFFFF), by: -1)
        where bytes[position] == UInt8(ascii: "P") {
            if try integer(4, at: position) == 0x0605_4B50 { return position }
        }
        throw .damaged("its end is missing")
    }

    private mutating func readEntry(at position: inout Int) throws(UnreadableWorkbook) {
        guard try integer(4, at: position) == 0x0201_4B50 else {
            throw .damaged("its directory is invalid")
        }
        let entry = try Entry(
            isEncrypted: integer(2, at: position + 8) & 1 == 1,
            method: integer(2, at: position + 10), checksum: integer(4, at: position + 16),
            packedSize: integer(4, at: position + 20), size: integer(4, at: position + 24),
            header: integer(4, at: position + 42))
        let start = position + 46
        let end = try start + integer(2, at: position + 28)
        guard end <= bytes.count else { throw .damaged("its directory is incomplete") }
        position = try end + integer(2, at: position + 30) + integer(2, at: position + 32)
        guard bytes[start..<end].allSatisfy({ $0 < 0x80 }) else { return }
        // Some writers separate folders by backslashes.
        let name = String(decoding: bytes[start..<end], as: UTF8.self).lowercased()
            .replacing("\\", with: "/")
        guard entries.updateValue(entry, forKey: name) == nil else {
            throw .damaged("it has a file twice")
        }
    }

    /// Reads a number of `size` bytes, the lowest first.
    private func integer(_ size: Int, at position: Int) throws(UnreadableWorkbook) -> Int {
        guard position + size <= bytes.count else { throw .damaged("it is incomplete") }
        return bytes[position..<position + size].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
