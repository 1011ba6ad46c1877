/// What came of changing many numbers at once.
package enum BulkOutcome: Equatable, Sendable {
    case changed(Change)
    /// All of them are as they should be already, as the preview of that moment tells.
    case unchanged(BulkPreview)
}
