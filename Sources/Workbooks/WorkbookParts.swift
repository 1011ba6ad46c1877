/// The files of a workbook that we write, without the rows.
enum WorkbookParts {
    static let sheet = "xl/worksheets/sheet1.xml"

    private static let declaration =
        #"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"# + "\n"
    private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    private static let types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    private static let relationships =
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    static let all = [
        ("[Content_Types].xml", contentTypes),
        ("_rels/.rels", links([("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml", workbook),
        (
            "xl/_rels/workbook.xml.rels",
            links([("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")])
        ),
        ("xl/styles.xml", styles),
    ].map { ($0, declaration + $1) }

    /// The columns of text have its format, so that Excel keeps the + of a number that is added.
    static func sheetBeginning(_ columns: [WorkbookWriter.Column]) -> String {
        let columns = zip(1..., columns).map { number, column in
            """
            <col min="\(number)" max="\(number)" width="\(column.width)" \
            style="\(column.format.rawValue)" customWidth="1"/>
            """
        }
        return declaration
            + #"<worksheet xmlns="\#(main)"><cols>\#(columns.joined())</cols><sheetData>"#
    }

    private static let contentTypes = """
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
        <Default Extension="rels" \
        ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
        <Default Extension="xml" ContentType="application/xml"/>\
        <Override PartName="/xl/workbook.xml" ContentType="\(types).sheet.main+xml"/>\
        <Override PartName="/\(sheet)" ContentType="\(types).worksheet+xml"/>\
        <Override PartName="/xl/styles.xml" ContentType="\(types).styles+xml"/></Types>
        """

    private static let workbook = """
        <workbook xmlns="\(main)" xmlns:r="\(relationships)"><sheets>\
        <sheet name="Numbers" sheetId="1" r:id="rId1"/></sheets></workbook>
        """

    /// The formats of cells are those of ``WorkbookWriter/Format``: 0, 49 (text) and our own.
    private static let styles = """
        <styleSheet xmlns="\(main)">\
        <numFmts count="1"><numFmt numFmtId="164" formatCode="0.00##"/></numFmts>\
        <fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>\
        <fills count="2"><fill><patternFill patternType="none"/></fill>\
        <fill><patternFill patternType="gray125"/></fill></fills>\
        <borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
        <cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
        <cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
        <xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
        <xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
        </cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>\
        </styleSheet>
        """

    private static func links(_ targets: [(type: String, target: String)]) -> String {
        let links = zip(1..., targets).map { number, link in
            """
            <Relationship Id="rId\(number)" Type="\(relationships)/\(link.type)" \
            Target="\(link.target)"/>
            """
        }
        return """
            <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
            \(links.joined())</Relationships>
            """
    }
}
