/// A workbook in Excel's format (ECMA-376, strict or transitional): `.xlsx` or `.xlsm`.
package struct Workbook: Sendable {
    /// How many rows and columns a sheet may have in Excel.
    package static let mostRows = 1_048_576
    static let mostColumns = 16_384
    /// Bounds the names in a message.
    private static let mostListed = 20

    private let archive: ZipArchive
    private let sheet: String
    private let strings: SharedStrings
    private let kinds: NumberKinds

    /// - Parameter name: The sheet to read; nil for the first one that is visible.
    package init(_ bytes: [UInt8], sheet name: String? = nil) throws(UnreadableWorkbook) {
        archive = try ZipArchive(bytes)
        let archive = archive
        let xml = { (part: String?) throws(UnreadableWorkbook) in try archive.xml(part) }
        let main = try PackageParts(of: "", in: archive).first("officeDocument")
        guard let main, !main.hasSuffix(".bin"), let document = try xml(main),
            let sheets = try Self.sheets(document, PackageParts(of: main, in: archive))
        else { throw try archive.otherKind(main) }
        let parts = try PackageParts(of: main, in: archive)
        sheet = try Self.part(of: name, sheets)
        strings = try SharedStrings(xml(parts.first("sharedStrings")))
        kinds = try NumberKinds(xml(parts.first("styles")))
    }

    /// The rows of the sheet, from the first.
    package func rows() throws(UnreadableWorkbook) -> SheetReader {
        guard let xml = try archive.xml(sheet) else {
            throw .damaged("\(sheet) is missing")
        }
        return SheetReader(xml, strings, kinds)
    }

    private typealias Sheet = (name: String, isVisible: Bool, part: String)

    /// The sheets with cells: others are charts, dialogs and macros. Returns nil if the document is
    /// not a workbook.
    private static func sheets(
        _ document: XMLReader, _ parts: PackageParts
    ) throws(UnreadableWorkbook) -> [Sheet]? {
        var (document, sheets) = (document, [Sheet]())
        while let event = try document.next() {
            guard case .start(let element) = event else { continue }
            guard document.depth > 1 || element.name == "workbook" else { return nil }
            if element.name == "sheet", let part = parts.worksheet(element["id"]) {
                let isVisible = (element["state"] ?? "visible") == "visible"
                sheets.append((element.text("name") ?? "", isVisible, part))
            }
        }
        return sheets
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
    fileprivate func xml(_ part: String?) throws(UnreadableWorkbook) -> XMLReader? {
        try part.flatMap { part throws(UnreadableWorkbook) in try open(part) }
            .map { XMLReader($0, name: part ?? "") }
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
            default: "is a zip archive; unpack it, and import the files in it one by one"
            }
        return UnreadableWorkbook(reason: reason)
    }
}

/// The parts of a package that a part refers to (ECMA-376-2, 6.5): strict and transitional types of
/// relationships end with the same word.
private struct PackageParts {
    private var parts: [(id: String, type: String, name: String)] = []

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
            let type = element["Type"]?.split(separator: "/").last ?? ""
            parts.append((element["Id"] ?? "", String(type), path.joined(separator: "/")))
        }
    }

    func first(_ type: String) -> String? { parts.first { $0.type == type }?.name }

    func worksheet(_ id: String?) -> String? {
        parts.first { $0.id == id && $0.type == "worksheet" }?.name
    }
}
