import Testing
import Workbooks

@Suite struct WorkbookTests {
    private static let strings = """
        <si><t>a &amp; &#233;</t></si><si><r><rPr><b/></rPr><t>one </t></r><r><t xml:space="preserve">two</t></r>\
        <rPh sb="0" eb="1"><t>PHONETIC</t></rPh></si><si/><si><t/></si>
        """
    /// The styles 0 to 5: none, a percentage, a date, a custom date, a price, a custom percentage.
    private static let styles = """
        <numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>\
        <numFmt numFmtId="165" formatCode="&quot;day &quot;[$R$-416] #,##0.00\\d;[Red]d"/>\
        <numFmt numFmtId="166" formatCode="0.0\\ %"/></numFmts>\
        <cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="9"/>\
        <xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs>\
        <cellStyles><xf numFmtId="9"/></cellStyles>
        """

    /// The attributes and the content of a cell.
    private static let cells: [(cell: String, content: Cell?)] = [
        (#"<c t="s"><v>0</v></c>"#, .text("a & é")), (#"<c t="s"><v>1</v></c>"#, .text("one two")),
        (#"<c t="s"><v>2</v></c>"#, nil), (#"<c t="s"><v>3</v></c>"#, nil),
        (#"<c t="inlineStr"><is><t>inline</t></is></c>"#, .text("inline")),
        (#"<c t="inlineStr"><is><r><t>r</t></r><r><t>s</t></r></is></c>"#, .text("rs")),
        (#"<x:c t="str"><x:f>A1&amp;"x"</x:f><x:v>cached</x:v></x:c>"#, .text("cached")),
        (#"<c t="str"><v>a_x000D_b_x00_x0041</v></c>"#, .text("a\rb_x00_x0041")),
        (#"<c t="str"><f>""</f><v></v></c>"#, nil),
        ("<c><f>A2</f></c>", .other(.formula, text: "=")),
        ("<c><f>1+1</f><v>2</v></c>", .number("2")), (#"<c s="1"/>"#, nil), ("<c><v/></c>", nil),
        ("<c><v><![CDATA[3.5]]></v></c>", .number("3.5")), ("<c><!-- <v>1</v> --></c>", nil),
        (#"<c s="0"><v>0.10000000000000001</v></c>"#, .number("0.1")),
        (#"<c s="4"><v>1.5</v></c>"#, .number("1.5")), (#"<c s="99"><v>1</v></c>"#, .number("1")),
        (#"<c s="1"><v>0.5</v></c>"#, .other(.percentage, text: "0.5")),
        (#"<c s="5"><v>0.5</v></c>"#, .other(.percentage, text: "0.5")),
        (#"<c s="2"><v>46204</v></c>"#, .other(.date, text: "2026-07-01")),
        (#"<c s='3' t='n'><v>46204.520833333336</v></c>"#, .other(.date, text: "2026-07-01 12:30")),
        (#"<c s="2"><v>0.25</v></c>"#, .other(.date, text: "0.25")),
        (#"<c s="2"><v>2958466</v></c>"#, .other(.date, text: "2958466")),
        (#"<c t="d"><v>2026-11-30</v></c>"#, .other(.date, text: "2026-11-30")),
        (#"<c t="b"><v>1</v></c>"#, .other(.boolean, text: "TRUE")),
        (#"<c t="b"><v>0</v></c>"#, .other(.boolean, text: "FALSE")),
        (#"<c t="e"><v>#N/A</v></c>"#, .other(.error, text: "#N/A")),
    ]

    @Test(arguments: cells)
    func readsACell(xml: String, content: Cell?) throws {
        let rows = try sheetRows(
            workbook("<row>\(xml)</row>", strings: Self.strings, styles: Self.styles))
        #expect(rows.map(\.cells) == [content.map { [$0] } ?? []])
    }

    @Test func daysMayBeCountedFrom1904() throws {
        let files = workbookFiles(#"<row><c s="2"><v>44742</v></c></row>"#, styles: Self.styles)
            .map { name, content in
                let properties = #"<workbookPr date1904="1"/><sheets>"#
                return (name: name, content: content.replacing("<sheets>", with: properties))
            }
        #expect(
            try sheetRows(archive(files)).map(\.cells) == [[.other(.date, text: "2026-07-01")]])
    }

    @Test(arguments: [
        ("0.10000000000000001", "0.1"), ("3.5000000000000003E-2", "0.035"), ("42", "42"),
        ("-0.01", "-0.01"), ("-0", "0"), ("0.0", "0"), ("1E+3", "1000"), ("1e3", "1000"),
        ("5584912344321", "5584912344321"), ("5.584912344321E+12", "5584912344321"),
        ("999999999.9999", "999999999.9999"), ("1234567890123456", "1234567890123460"),
        ("0.99999999999999989", "1"), ("99.99999999999999999", "100"), ("100.50", "100.5"),
        ("12345678901234567890", "12345678901234600000"), ("1.0E-7", "0.0000001"), ("2.", "2"),
        (".5", "0.5"), ("1e999", nil), ("1e", nil), ("1.2.3", nil), ("", nil), ("x", nil),
        ("+1", nil), ("1e5.5", nil), ("٣", nil), ("0x10", nil), (" 1", nil),
    ])
    func numberIsTheDecimalThatExcelShows(stored: String, shown: String?) throws {
        let file = workbook("<row><c><v>\(stored)</v></c></row>")
        if let shown {
            #expect(try sheetRows(file).first?.cells == [.number(shown)])
        } else if !stored.isEmpty {
            #expect(throws: UnreadableWorkbook.self) { try sheetRows(file) }
        }
    }

    @Test func referencesMayBeMissingOrLeaveGaps() throws {
        let xml = """
            <row r="3" hidden="1" spans="1:4"><c r="B3"><v>1</v></c><c><v>2</v></c><c r="E3"><v>3</v></c></row>\
            <row><c r="A4"/></row> <row/> <row r="10"><c><v>4</v></c><c r="ZZ10"><v>5</v></c></row>
            """
        let read = try sheetRows(workbook(xml))
        #expect(read.map(\.number) == [3, 4, 5, 10])
        #expect(read.map(\.isHidden) == [true, false, false, false])
        #expect(read.map(\.isTooWide) == [false, false, false, true])
        #expect(
            read.map(\.cells) == [
                [.empty, .number("1"), .number("2"), .empty, .number("3")], [], [], [.number("4")],
            ])
    }

    private static let otherSheets: [(name: String, content: String)] = [
        (
            "xl/workbook.xml",
            """
            <x:workbook xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:q="r"><x:sheets>\
            <x:sheet name="Chart" q:id="c"/><x:sheet name="Secret" state="hidden" q:id="h"/>\
            <x:sheet name="Février" q:id="f"/><x:sheet name="Two" q:id="t"/></x:sheets></x:workbook>
            """
        ),
        (
            "xl/_rels/workbook.xml.rels",
            ["chartsheet c", "worksheet h", "worksheet f", "worksheet t"].map {
                let parts = $0.split(separator: " ")
                let type = "http://purl.oclc.org/ooxml/officeDocument/relationships/\(parts[0])"
                return #"<R Id="\#(parts[1])" Type="\#(type)" Target="\#(parts[1]).xml"/>"#
            }.joined().inside("Rs")
        ),
    ]

    @Test(arguments: [
        (nil, "f"), ("février", "f"), ("TWO", "t"), ("Secret", "h"),
    ])
    func readsTheFirstVisibleSheetOrTheNamedOne(name: String?, content: String) throws {
        var files = workbookFiles("").filter { !$0.name.contains("workbook.xml") }
        files += Self.otherSheets
        for name in ["c", "h", "f", "t"] {
            let row = #"<row><c t="str"><v>\#(name)</v></c></row>"#
            files.append(
                ("xl\\\(name.uppercased()).xml", row.inside("sheetData").inside("worksheet")))
        }
        let file = archive(files)
        #expect(try sheetRows(file, sheet: name).map(\.cells) == [[.text(content)]])
        let error = #expect(throws: UnreadableWorkbook.self) { try sheetRows(file, sheet: "Chart") }
        #expect(
            error?.reason
                == #"has no sheet "Chart"; its sheets are "Secret", "Février", "Two""#)
    }

    @Test func copyContinuesOnItsOwn() throws {
        let xml = (1...5_000).map { "<row><c><v>\($0)</v></c></row>" }.joined()
        var reader = try Workbook(workbook(xml)).rows()
        for _ in 1...1_000 { _ = try reader.next() }
        var copy = reader
        for number in 1_001...5_000 { #expect(try copy.next()?.number == number) }
        #expect(try copy.next() == nil)
        for number in 1_001...5_000 { #expect(try reader.next()?.number == number) }
    }
}

extension String {
    func inside(_ element: String) -> String { "<\(element)>\(self)</\(element)>" }
}
