/// Why a file cannot be read as a workbook.
package struct UnreadableWorkbook: Error, Equatable {
    /// The message without its subject, the file.
    package let reason: String

    package init(reason: String) {
        self.reason = reason
    }

    static func damaged(_ detail: String) -> UnreadableWorkbook {
        UnreadableWorkbook(
            reason:
                "is a damaged workbook (\(detail)); open it in a spreadsheet, and save it again")
    }
}
