import Testing

/// One request to an inventory with number 1, `Client.good`, and number 2, +55 84 91234-4322.
struct Scenario: Sendable, CustomTestStringConvertible {
    let name: String
    let method: String
    let path: String
    var body: String?
    var headers: [String: String] = [:]
    let status: Int
    var contains: [String] = []
    var omits: [String] = []
    /// Headers of the answer; an empty value stands for a header that must not be there.
    var answers: [String: String] = [:]

    var testDescription: String { "\(method) \(path): \(name)" }

    init(
        _ name: String, _ method: String, _ path: String, _ body: String? = nil,
        headers: [String: String] = [:], gives status: Int, contains: [String] = [],
        omits: [String] = [], answers: [String: String] = [:]
    ) {
        self.name = name
        self.method = method
        self.path = path
        self.body = body
        self.headers = headers
        self.status = status
        self.contains = contains
        self.omits = omits
        self.answers = answers
    }
}

extension Scenario {
    static let all =
        reading + currencies + listing + creating + changing + deleting + bodies + others
        + proxied + conditions + people + history + bulk + exporting + importing + otherMethods

    static let numbers = "/api/v1/numbers"
    static let first = "/api/v1/numbers/1"
    static let firstJSON =
        #"{"id":1,"value":"+55 84 91234-4321","monthyPrice":"0.03","setupPrice":"3.40","currency":"U$"}"#
}
