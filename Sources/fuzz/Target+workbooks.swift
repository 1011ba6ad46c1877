internal import Workbooks

extension Target {
    /// The XML of a workbook: the text is its sheet, its shared strings and its styles.
    static let workbook = Target(
        name: "workbook",
        samples: [
            """
            <w><cellXfs><xf numFmtId="9"/></cellXfs><si><t>a</t></si><sheetData><row r="2" hidden="1">\
            <c r="B2" t="s"><v>0</v></c><c><v>3.5E-2</v></c></row></sheetData></w>
            """,
            """
            <?xml version="1.0"?><x:w xmlns:x="a"><x:numFmt numFmtId="164" formatCode="&quot;d&quot;[h]%"/>\
            <x:sheetData><x:row><x:c t="inlineStr"><x:is><x:r><x:t>&#65;</x:t></x:r></x:is></x:c></x:row>\
            <x:row><x:c t='b'><x:v>1</x:v></x:c><!-- - --></x:row></x:sheetData></x:w>
            """,
            "<w><sheetData><row><c t=\"str\"><f/><v><![CDATA[]]]></v></c></row></sheetData></w>",
        ],
        words: """
            < > </ /> <!-- --> <![CDATA[ ]]> <!DOCTYPE <? ?> & &amp; &#x10FFFF; " ' = <row> </row> \
            <c> </c> <c/> <v> </v> r="A1" r="XFD9" t="s" s="1" <si> <rPh> <is> <t> 1e400 -0 0.1
            """
    ) { text in try read(archive(text)) }

    /// The bytes of an archive, each as a character.
    static let zipFile = Target(
        name: "zip",
        samples: [
            String(
                String.UnicodeScalarView(
                    archive("<w><sheetData><row><c><v>1</v></c></row></sheetData></w>")
                        .map(Unicode.Scalar.init)))
        ],
        words:
            "PK PK\u{1}\u{2} PK\u{3}\u{4} PK\u{5}\u{6} \u{0}\u{0}\u{0}\u{0} \u{FF}\u{FF}\u{FF}\u{7F}"
    ) { text in
        try read(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) })
    }

    /// - Parameter text: The sheet, the shared strings and the styles.
    private static func archive(_ text: String) -> [UInt8] {
        let link = { (type: String, name: String) in
            #"<r Id="i" Type="/\#(type)" Target="/\#(name)"/>"#
        }
        let parts = ["worksheet", "sharedStrings", "styles"].map { link($0, "x") }.joined()
        let writer = ZipWriter()
        for (name, content) in [
            ("_rels/.rels", link("officeDocument", "w")),
            ("w", #"<workbook><sheet name="a" r:id="i"/></workbook>"#),
            ("_rels/w.rels", "<r>\(parts)</r>"), ("x", text),
        ] {
            writer.begin(name)
            writer.write(Array(content.utf8))
            writer.end()
        }
        writer.finish()
        return writer.take()
    }

    private static func read(_ file: [UInt8]) throws -> Bool {
        guard var reader = try? Workbook(file).rows() else { return false }
        var copy = reader
        var last = 0
        while let row = try? reader.next() {
            try expect(row.number > last, "row \(row.number) follows row \(last)")
            try expect(row.cells.count <= SheetReader.mostColumns, "\(row.cells.count) cells")
            try expect((try? copy.next()) == row, "a copy reads another row")
            last = row.number
        }
        return last > 0
    }
}
