/// A workbook in Excel's format (ECMA-376, strict or transitional): `.xlsx` or `.xlsm`.
package struct Workbook: Sendable {
    /// How many rows and columns a sheet may have in Excel.
    package static let mostRows = 1_048_576
    static let mostColumns = 16_384
    /// Bounds the names in a message.
    private static let mostListed = 20

    /// The names of the sheets with cells that are not read.
    package let otherSheets: [String]

    private let archive: ZipArchive
    private let sheet: String
    private let isFrom1904: Bool
    private let strings: SharedStrings
    private let kinds: NumberKinds

    /// - Parameter name: The sheet to read; nil for the first one that is visible.
    package init(_ bytes: [UInt8], sheet name: String? = nil) throws(UnreadableWorkbook) {
        archive = try ZipArchive(bytes)
        let archive = archive
        let xml = { (part: String?) throws(UnreadableWorkbook) in try archive.xml(part) }
        let main = try PackageParts(of: "", in: archive).first("officeDocument")
        let parts = try PackageParts(of: main ?? "", in: archive)
        guard let main, !main.hasSuffix(".bin"), let document = try xml(main),
            let (sheets, isFrom1904) = try Self.sheets(document, parts)
        else { throw try archive.otherKind(main) }
        let sheet = try Self.part(of: name, sheets)
        otherSheets = sheets.filter { $0.part != sheet }.map(\.name)
        (self.sheet, self.isFrom1904) = (sheet, isFrom1904)
        strings = try SharedStrings(archive.xml(parts.first("sharedStrings"), most: .max))
        kinds = try NumberKinds(xml(parts.first("styles")))
    }

    /// The rows of the sheet, from the first.
    package func rows() throws(UnreadableWorkbook) -> SheetReader {
        guard let xml = try archive.xml(sheet, most: .max) else {
            throw .damaged("\(Self.quoted(sheet)) is missing")
        }
        return SheetReader(xml, strings, kinds, isFrom1904: isFrom1904)
    }

    private typealias Sheet = (name: String, isVisible: Bool, part: String)

    /// The sheets with cells (others are charts, dialogs and macros), and whether days are counted
    /// from 1904. Returns nil if the document is not a workbook.
    private static func sheets(
        _ document: XMLReader, _ parts: PackageParts
    ) throws(UnreadableWorkbook) -> ([Sheet], isFrom1904: Bool)? {
        var (document, sheets, isFrom1904) = (document, [Sheet](), false)
        while let event = try document.next() {
            guard case .start(let element) = event else { continue }
            guard document.depth > 1 || element.name == "workbook" else { return nil }
            if element.name == "workbookPr" {
                isFrom1904 = ["1", "true"].contains(element["date1904"])
            }
            if element.name == "sheet", let part = parts.worksheet(element["id"]) {
                let isVisible = (element["state"] ?? "visible") == "visible"
                sheets.append((element.text("name") ?? "", isVisible, part))
            }
        }
        return (sheets, isFrom1904)
    }

    private static func part(
        of name: String?, _ sheets: [Sheet]
    ) throws(UnreadableWorkbook) -> String {
        guard let name else {
            guard let first = sheets.first(where: \.isVisible) ?? sheets.first else {
                throw UnreadableWorkbook(reason: "has no sheet with cells")
            }
            return first.part
        }
        let wanted = Array(name.lowercased().utf8)
        if let sheet = sheets.first(where: { $0.name.lowercased().utf8.elementsEqual(wanted) }) {
            return sheet.part
        }
        let names = sheets.prefix(mostListed).map { quoted($0.name) }.joined(separator: ", ")
        throw UnreadableWorkbook(
            reason: "has no sheet \(quoted(name)); its sheets are \(names)"
                + (sheets.count > mostListed ? ", …" : ""))
    }

    /// Excel's names have up to 31 characters.
    private static func quoted(_ name: String) -> String {
        "\"\(String(String.UnicodeScalarView(name.unicodeScalars.prefix(31))))\""
    }
}

extension ZipArchive {
    /// Bounds the parts that are kept in memory as a whole.
    private static let largestPart = 8 * 1024 * 1024

    /// - Parameter most: How many bytes the part may have.
    fileprivate func xml(
        _ part: String?, most: Int = largestPart
    ) throws(UnreadableWorkbook) -> XMLReader? {
        guard let part, let file = try open(part) else { return nil }
        guard file.size <= most else {
            throw UnreadableWorkbook(
                reason: "has a list of sheets or styles of more than \(most / 1024 / 1024) MiB")
        }
        return XMLReader(file, name: part)
    }

    /// What an archive is that is not a workbook.
    ///
    /// - Parameter main: Its main document, if it has one of Microsoft Office's kinds.
    fileprivate func otherKind(_ main: String?) throws(UnreadableWorkbook) -> UnreadableWorkbook {
        var mediaType = try open("mimetype")
        let type = try mediaType?.next().map { String(decoding: $0, as: UTF8.self) }
        let save = "; save it as an Excel workbook (.xlsx) or as CSV in UTF-8"
        let reason =
            switch (main ?? "", type ?? "") {
            case (let main, _) where main.hasSuffix(".bin"):
                "is a binary Excel workbook (.xlsb)" + save
            case (let main, _) where main.hasPrefix("word/"): "is a Word document" + save
            case (let main, _) where main.hasPrefix("ppt/"): "is a PowerPoint presentation"
            case (_, let type) where type.contains("opendocument.spreadsheet"):
                "is an OpenDocument spreadsheet (.ods)" + save
            case (_, let type) where type.contains("opendocument"): "is an OpenDocument file" + save
            case _ where entries.keys.contains { $0.hasPrefix("index/") && $0.hasSuffix(".iwa") }:
                "is a document of Apple Numbers, Pages or Keynote; export it as an Excel workbook or CSV"
            case _ where entries["meta-inf/manifest.mf"] != nil: "is a Java archive (.jar)"
            case _ where main != nil: "is not an Excel workbook" + save
            default: "is a zip archive, but no Excel workbook (.xlsx): save it as one, or unpack it"
            }
        return UnreadableWorkbook(reason: reason)
    }
}

/// The parts of a package that a part refers to (ECMA-376-2, 6.5): strict and transitional types of
/// relationships end with the same word.
private struct PackageParts {
    /// The first part of each type.
    private var first: [String: String] = [:]
    private var worksheets: [String: String] = [:]

    /// - Parameter part: The part that refers to others; empty for the package.
    init(of part: String, in archive: ZipArchive) throws(UnreadableWorkbook) {
        var folder = part.split(separator: "/")
        let name = folder.popLast() ?? ""
        guard
            var xml = try archive.xml((folder + ["_rels", name + ".rels"]).joined(separator: "/"))
        else { return }
        while let event = try xml.next() {
            guard case .start(let element) = event, let target = element["Target"] else { continue }
            let base = target.hasPrefix("/") ? [] : folder
            let path = target.split(separator: "/").reduce(into: base) { path, step in
                if step == ".." { _ = path.popLast() } else if step != "." { path.append(step) }
            }
            let type = element["Type"]?.split(separator: "/").last.map { String($0) } ?? ""
            let part = path.joined(separator: "/")
            if first[type] == nil { first[type] = part }
            if type == "worksheet", let id = element["Id"] { worksheets[id] = part }
        }
    }

    func first(_ type: String) -> String? { first[type] }

    func worksheet(_ id: String?) -> String? { id.flatMap { worksheets[$0] } }
}
