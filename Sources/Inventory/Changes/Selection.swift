/// Which numbers are changed at once.
package enum Selection: Equatable, Sendable {
    /// How many numbers may be changed at once.
    package static let most = 100_000

    case ids([Int64])
    /// Those that a list with this filter has on all its pages.
    case matching(NumberFilter)
    case all
}
