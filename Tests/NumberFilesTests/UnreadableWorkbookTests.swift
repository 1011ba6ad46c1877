import Testing
import Workbooks

@Suite struct UnreadableWorkbookTests {
    private static let save = "; save it as an Excel workbook (.xlsx) or as CSV in UTF-8"

    private static func office(_ main: String) -> [(name: String, content: String)] {
        let link = #"<r Type="…/x/officeDocument" Target="\#(main)"/>"#.replacing("…", with: "")
        return [("_rels/.rels", link), (main, "<x/>")]
    }

    private static let others: [(files: [(name: String, content: String)], reason: String)] = [
        (
            [("list.csv", "")],
            "is a zip archive, but no Excel workbook (.xlsx): save it as one, or unpack it"
        ),
        ([], "is a zip archive, but no Excel workbook (.xlsx): save it as one, or unpack it"),
        ([("META-INF/MANIFEST.MF", "")], "is a Java archive (.jar)"),
        (
            [("mimetype", "application/vnd.oasis.opendocument.spreadsheet")],
            "is an OpenDocument spreadsheet (.ods)" + save
        ),
        (
            [("mimetype", "application/vnd.oasis.opendocument.text")],
            "is an OpenDocument file" + save
        ),
        (
            [("Index/Document.iwa", "")],
            "is a document of Apple Numbers, Pages or Keynote; export it as an Excel workbook or CSV"
        ),
        (office("word/document.xml"), "is a Word document" + save),
        (office("ppt/presentation.xml"), "is a PowerPoint presentation"),
        (office("xl/workbook.bin"), "is a binary Excel workbook (.xlsb)" + save),
        (office("visio/document.xml"), "is not an Excel workbook" + save),
    ]

    @Test(arguments: others.indices)
    func otherArchivesAreNamed(index: Int) {
        let (files, reason) = Self.others[index]
        let error = #expect(throws: UnreadableWorkbook.self) { try Workbook(archive(files)) }
        #expect(error?.reason == reason)
    }

    /// Nearly incompressible digits, which are longer than any part of XML may be.
    private static let long = (100_000...400_000).map { String($0 &* 2_654_435_761) }.joined()

    private static let damaged: [(file: String, content: String, detail: String)] = [
        ("xl/workbook.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>", "is not valid XML"),
        ("xl/workbook.xml", "<workbook><sheets>", "is not valid XML"),
        ("xl/workbook.xml", "<workbook><sheets></workbook></sheets>", "is not valid XML"),
        ("xl/workbook.xml", "<workbook a=b/>", "is not valid XML"),
        ("xl/workbook.xml", "<workbook a=\"b/>", "is not valid XML"),
        ("xl/workbook.xml", "<workbook>&unknown;</workbook>", "is not valid XML"),
        ("xl/workbook.xml", "<workbook>&#xD800;</workbook>", "is not valid XML"),
        ("xl/workbook.xml", "<workbook><!-- </workbook>", "is not valid XML"),
        (
            "xl/workbook.xml",
            String(repeating: "<workbook>", count: 65)
                + String(repeating: "</workbook>", count: 65),
            "is not valid XML"
        ),
        ("xl/workbook.xml", "<workbook/>", "has no sheet with cells"),
        ("xl/sharedStrings.xml", "<sst/>", "a text in row 1 is missing"),
        (
            "xl/worksheets/sheet1.xml", row("2") + row("1"),
            "are not in order after row 2"
        ),
        ("xl/worksheets/sheet1.xml", row("0"), "are not in order after row 0"),
        ("xl/worksheets/sheet1.xml", row("1048577"), "it has more than 1048576 rows"),
        (
            "xl/worksheets/sheet1.xml", "<row><c r='B1'/><c r='A1'/></row>",
            "cells are not in order in row 1"
        ),
        (
            "xl/worksheets/sheet1.xml",
            "<row><c t='str'><v>\(long)</v></c></row>",
            "is not valid XML"
        ),
        (
            "xl/worksheets/sheet1.xml",
            "<row><c t='inlineStr'><is><t>\(String(repeating: "x", count: 140_000))</t></is></c></row>",
            "has a cell of more than 128 KiB"
        ),
        (
            "xl/worksheets/sheet1.xml",
            "<row><c><v>\(String(repeating: "0000000000<?a?>", count: 14_000))</v></c></row>",
            "has a cell of more than 128 KiB"
        ),
    ]

    private static func row(_ number: String) -> String { #"<row r="\#(number)"/>"# }

    @Test(arguments: damaged.indices)
    func damagedFilesAreUnreadable(index: Int) {
        let (name, content, detail) = Self.damaged[index]
        let files = workbookFiles(#"<row><c t="s"><v>0</v></c></row>"#, strings: "<si/>").map {
            $0.name != name
                ? $0
                : (
                    $0.name,
                    name.contains("sheet1") ? content.inside("sheetData").inside("a") : content
                )
        }
        let error = #expect(throws: UnreadableWorkbook.self) { try sheetRows(archive(files)) }
        #expect(error?.reason.contains(detail) == true, "\(error?.reason ?? "")")
    }

    /// Each byte of an archive is changed, and the archive is cut at each.
    @Test func damagedArchivesAreReadOrUnreadable() throws {
        let good = workbook(#"<row><c t="s"><v>0</v></c></row>"#, strings: "<si><t>a</t></si>")
        var unreadable = 0
        for index in good.indices {
            var changed = good
            changed[index] ^= 0xFF
            for file in [changed, Array(good[..<index])] {
                do throws(UnreadableWorkbook) {
                    var reader = try Workbook(file).rows()
                    while try reader.next() != nil {}
                } catch {
                    unreadable += 1
                }
            }
        }
        #expect(unreadable > good.count)
    }

    /// Changes the little-endian number at an offset in the archive's directory.
    private func replacing(
        _ name: String, at offset: Int, by number: UInt32, in file: [UInt8]
    ) throws -> [UInt8] {
        var file = file
        let wanted = Array(name.utf8)
        let start = try #require(file.lastRange(of: wanted)) - 46 + offset
        withUnsafeBytes(of: number.littleEndian) {
            file.replaceSubrange(start..<start + 4, with: $0)
        }
        return file
    }

    @Test func declaredSizesAreBoundsAndMustBeTrue() throws {
        let zeros = String(repeating: " ", count: 1_000_000)
        let good = workbook(zeros + "<row><c><v>1</v></c></row>")
        #expect(try sheetRows(good).count == 1)
        let sheet = "xl/worksheets/sheet1.xml"
        let reason = { (file: [UInt8]) -> String? in
            #expect(throws: UnreadableWorkbook.self) { try sheetRows(file) }?.reason
        }
        // 10 GiB cannot be declared; 1 GiB is more than a workbook may have.
        #expect(
            try reason(replacing(sheet, at: 24, by: 1 << 30, in: good))
                == "unpacks to more than 512 MiB: save it as CSV")
        #expect(
            try reason(replacing(sheet, at: 24, by: 1 << 28, in: good))
                == "is compressed more than 200 times, as no price list is: save it as CSV")
        // The sheet has more bytes than declared, and is refused after the first ones.
        #expect(
            try reason(replacing(sheet, at: 24, by: 1000, in: good))?.contains("cannot be unpacked")
                == true)
        #expect(
            try reason(replacing(sheet, at: 8, by: 0x0008_0809, in: good))
                == "is encrypted; save it without a password")
        #expect(
            try reason(replacing(sheet, at: 10, by: 0x0000_000C, in: good))?
                .contains("cannot be unpacked") == true)
        #expect(
            try reason(replacing(sheet, at: 16, by: 0, in: good))?.contains("cannot be unpacked")
                == true)
    }

    @Test func archiveOfManyFilesIsRefused() {
        let files = (0...10_000).map { (name: String($0), content: "") }
        let error = #expect(throws: UnreadableWorkbook.self) { try Workbook(archive(files)) }
        #expect(error?.reason == "is an archive of 10001 files: a workbook may have 10000")
    }

    @Test(arguments: ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"])
    func partThatIsKeptInMemoryIsBounded(name: String) {
        // Deflate does not see repetitions that are over 32 KiB apart.
        let block = (0..<9_000).map { String($0, radix: 36) }.joined(separator: " ")
        let content = String(repeating: block, count: 300)
        let files = workbookFiles("", styles: "<a/>").map {
            $0.name == name ? ($0.name, $0.content + "<!--\(content)-->") : $0
        }
        let error = #expect(throws: UnreadableWorkbook.self) { try sheetRows(archive(files)) }
        #expect(error?.reason == "has a list of sheets or styles of more than 8 MiB")
    }

    /// One shared text of 100 KiB in 10,000 cells would be 1 GB.
    @Test func textsThatCellsRepeatAreBounded() {
        let text = String(repeating: "0123456789", count: 10_000)
        let row = #"<row><c t="s"><v>0</v></c></row>"#
        let file = workbook(
            String(repeating: row, count: 10_000), strings: "<si><t>\(text)</t></si>")
        let error = #expect(throws: UnreadableWorkbook.self) { try sheetRows(file) }
        #expect(error?.reason == "has more than 512 MiB of texts")
    }
}

extension [UInt8] {
    fileprivate func lastRange(of bytes: [UInt8]) -> Int? {
        indices.reversed().first { self[$0...].starts(with: bytes) }
    }
}
