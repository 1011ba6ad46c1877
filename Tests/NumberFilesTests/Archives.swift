import Workbooks

/// A zip archive with these files.
func archive(_ files: [(name: String, content: String)]) -> [UInt8] {
    let writer = ZipWriter()
    for (name, content) in files {
        writer.begin(name)
        writer.write(Array(content.utf8))
        writer.end()
    }
    writer.finish()
    return writer.take()
}

/// The files of a workbook as Excel writes them; tests replace some.
///
/// - Parameter rows: The content of `sheetData`.
func workbookFiles(
    _ rows: String, strings: String = "", styles: String = ""
) -> [(name: String, content: String)] {
    let types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    let main = #"xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main""#
    return [
        (
            "_rels/.rels",
            #"<Relationships><Relationship Id="a" Type="\#(types)/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
        ),
        (
            "xl/workbook.xml",
            #"<workbook \#(main) xmlns:r="\#(types)"><sheets><sheet name="Prices" sheetId="1" r:id="rId1"/></sheets></workbook>"#
        ),
        (
            "xl/_rels/workbook.xml.rels",
            """
            <Relationships><Relationship Id="rId1" Type="\(types)/worksheet" Target="worksheets/sheet1.xml"/>\
            <Relationship Id="rId2" Type="\(types)/sharedStrings" Target="/xl/sharedStrings.xml"/>\
            <Relationship Id="rId3" Type="\(types)/styles" Target="../xl/styles.xml"/></Relationships>
            """
        ),
        ("xl/sharedStrings.xml", "<sst \(main)>\(strings)</sst>"),
        ("xl/styles.xml", "<styleSheet \(main)>\(styles)</styleSheet>"),
        (
            "xl/worksheets/sheet1.xml",
            #"<?xml version="1.0"?><worksheet \#(main)><dimension ref="A1"/><sheetData>\#(rows)</sheetData></worksheet>"#
        ),
    ]
}

func workbook(_ rows: String, strings: String = "", styles: String = "") -> [UInt8] {
    archive(workbookFiles(rows, strings: strings, styles: styles))
}

func sheetRows(_ workbook: [UInt8], sheet: String? = nil) throws -> [SheetRow] {
    var (reader, rows) = (try Workbook(workbook, sheet: sheet).rows(), [SheetRow]())
    while let row = try reader.next() { rows.append(row) }
    return rows
}
