internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Inventory

/// The parameters of a request's query, in their order.
///
/// Those of Hummingbird leave a text that cannot be decoded as it is, and take `+` for a plus and not
/// for a blank.
struct QueryParameters {
    let items: [(name: String, value: String)]

    /// Reads the query.
    ///
    /// - Throws: ``Problem`` of type `invalid-parameter` where the query is not percent-encoded
    ///   UTF-8, a name is not among `known`, or is there twice.
    init(of request: Request, known: [String]) throws {
        let query = request.uri.query ?? ""
        var items: [(name: String, value: String)] = []
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decode(parts[0])
            guard known.contains(where: { name.hasSameBytes(as: $0) }) else {
                let hint =
                    name.closest(among: known).map { "did you mean \($0)?" }
                    ?? "there are \(known.joined(separator: ", "))."
                throw Problem.invalidParameter("Unknown parameter \(name.shortened); \(hint)")
            }
            guard !items.contains(where: { $0.name == name }) else {
                throw Problem.invalidParameter("\(name) must be given once only.")
            }
            items.append((name, parts.count == 2 ? try Self.decode(parts[1]) : ""))
        }
        self.items = items
    }

    subscript(_ name: String) -> String? {
        items.first { $0.name == name }?.value
    }

    /// What a parameter says; nil where it is not given.
    ///
    /// - Throws: ``Problem`` of type `invalid-parameter` where it is none of `choices`.
    func choice<Choice: RawRepresentable<String>>(
        _ name: String, of choices: [Choice]
    ) throws -> Choice? {
        guard let text = self[name] else { return nil }
        guard let choice = choices.first(where: { $0.rawValue.hasSameBytes(as: text) }) else {
            let names = choices.map(\.rawValue).joined(separator: " or ")
            throw Problem.invalidParameter("\(name) must be \(names).")
        }
        return choice
    }

    /// Whether a parameter is `true`, and not `false` or absent.
    ///
    /// - Throws: ``Problem`` of type `invalid-parameter` where it is anything else.
    func flag(_ name: String) throws -> Bool {
        try choice(name, of: Flag.allCases) == .true
    }

    private enum Flag: String, CaseIterable {
        case `true`, `false`
    }

    /// The query again, with `name` set to `value` in its old place or at the end.
    func setting(_ name: String, to value: String) -> String {
        var items = items
        if let index = items.firstIndex(where: { $0.name == name }) {
            items[index].value = value
        } else {
            items.append((name, value))
        }
        return items.map { Self.encode($0.name) + "=" + Self.encode($0.value) }.joined(
            separator: "&")
    }

    // Most texts are written as they are, and Foundation takes microseconds to find that out.

    private static func decode(_ text: Substring) throws -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") })
        else { return String(text) }
        guard let decoded = text.replacing("+", with: " ").removingPercentEncoding else {
            throw Problem.invalidParameter("The query is not percent-encoded UTF-8.")
        }
        return decoded
    }

    private static func encode(_ text: String) -> String {
        if text.utf8.allSatisfy(unreserved.contains) { return text }
        return text.addingPercentEncoding(withAllowedCharacters: unreservedCharacters) ?? ""
    }

    /// What never needs encoding (RFC 3986 §2.3).
    private static let unreserved = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    private static let unreservedCharacters = CharacterSet(
        charactersIn: String(decoding: unreserved.sorted(), as: UTF8.self))
}
