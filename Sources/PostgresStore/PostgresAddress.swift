internal import CLibPQ
internal import Foundation

/// Where a database is, as libpq knows it: an address, completed by libpq's own variables and
/// files.
///
/// Its description has no password.
package struct PostgresAddress: Sendable, CustomStringConvertible {
    /// `postgres://` and what follows, https://www.postgresql.org/docs/current/libpq-connect.html.
    let url: String
    let password: String?

    /// - Parameter password: Used where the address has none.
    package init(url: String, password: String? = nil) {
        self.url = url
        self.password = password
    }

    /// The same address, with a password for where it has none.
    package func withPassword(_ password: String) -> PostgresAddress {
        PostgresAddress(url: url, password: password)
    }

    /// Whether libpq can read the address at all.
    ///
    /// Asked before it is used: what libpq says of an address that it cannot read repeats it, with its
    /// password.
    package var isReadable: Bool {
        var message: UnsafeMutablePointer<CChar>?
        defer { PQfreemem(message) }
        guard let options = PQconninfoParse(url, &message) else { return false }
        PQconninfoFree(options)
        return true
    }

    package var description: String {
        guard var parts = URLComponents(string: url) else { return "postgres://…" }
        if parts.password != nil { parts.password = "…" }
        parts.queryItems = parts.queryItems?.map { item in
            item.name.contains("pass") ? URLQueryItem(name: item.name, value: "…") : item
        }
        return parts.string?.removingPercentEncoding ?? "postgres://…"
    }

    /// Whether somebody is there who may answer later, or never will as things are.
    var mayAnswerLater: Bool {
        let answer = withParameters { PQpingParams($0, $1, 1) }
        return answer == PQPING_REJECT || answer == PQPING_NO_RESPONSE
    }

    /// Calls `body` with the keywords and values that libpq connects by.
    func withParameters<Value>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) ->
            Value
    ) -> Value {
        var parameters = [
            // In seconds; libpq takes no less than two.
            ("connect_timeout", "2"),
            ("application_name", "carrier"),
            // A machine that vanished is noticed: in milliseconds, seconds and seconds.
            ("tcp_user_timeout", "5000"), ("keepalives_idle", "5"), ("keepalives_interval", "2"),
        ]
        if let password { parameters.append(("password", password)) }
        // Last, for the later counts.
        parameters.append(("dbname", url))
        let keywords = parameters.map { strdup($0.0) } + [nil]
        let values = parameters.map { strdup($0.1) } + [nil]
        defer { (keywords + values).forEach { free($0) } }
        return body(keywords.map { UnsafePointer($0) }, values.map { UnsafePointer($0) })
    }
}
