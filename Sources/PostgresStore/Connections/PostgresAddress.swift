internal import CLibPQ
internal import Foundation
internal import Inventory
internal import Storage

/// The address of a database, which libpq completes from its environment variables and files. The
/// description has no password.
package struct PostgresAddress: Sendable, CustomStringConvertible {
    /// A text that is not an address. The message of libpq is not shown: it may contain part of a
    /// password.
    package struct Malformed: Error {
        /// A message without its full stop.
        package let reason: String

        static let password = Malformed(
            reason: """
                Write special characters of a password in percent-encoding: %25 for %, %40 for @, \
                %2F for /
                """)
        static let port = Malformed(
            reason: "The port is no number from 0 to 65535, or: " + password.reason)
    }

    /// A `postgres://` URL: https://www.postgresql.org/docs/current/libpq-connect.html.
    let url: String
    /// Used if the URL has no password.
    package var password: String?
    package let description: String

    /// - Throws: ``Malformed``, also if a part of a password that is not percent-encoded becomes
    ///   the host, the port or the name of the database, because libpq's errors show these.
    package init(url: String) throws(Malformed) {
        let options = try Self.options(of: url)
        let ports = options["port", default: ""].split(separator: ",")
        let texts = [options["host", default: ""].dropFirst(), options["dbname", default: ""][...]]
        guard !texts.contains(where: { $0.contains("@") }) else { throw .password }
        guard ports.allSatisfy({ UInt16($0) != nil }) else { throw .port }
        self.url = url
        description = Self.description(of: options)
    }

    /// The environment variables for programs that use libpq
    /// (https://www.postgresql.org/docs/current/libpq-envars.html).
    var environment: [String: String] {
        let given = (try? Self.options(of: url, by: \.envvar)) ?? [:]
        return (password.map { ["PGPASSWORD": $0] } ?? [:]).merging(given) { $1 }
    }

    /// The options of the URL, by libpq's keywords or by another kind of name, such as environment
    /// variables. Options without such a name are left out.
    private static func options(
        of url: String,
        by name: KeyPath<PQconninfoOption, UnsafeMutablePointer<CChar>?> = \.keyword
    ) throws(Malformed) -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let first = PQconninfoParse(url, &message) else {
            PQfreemem(message)
            throw reason(against: url)
        }
        defer { PQconninfoFree(first) }
        var options: [String: String] = [:]
        var option = first
        while option.pointee.keyword != nil {
            if let name = option.pointee[keyPath: name], let value = option.pointee.val {
                options[String(cString: name)] = String(cString: value)
            }
            option += 1
        }
        return options
    }

    /// Why libpq cannot read an address.
    private static func reason(against url: String) -> Malformed {
        let query = url.drop { $0 != "?" }.dropFirst()
        let names = query.split(separator: "&").map { String($0.prefix { $0 != "=" }) }
        let known = keywords()
        // The text before an @ may be part of a password.
        guard !query.contains("@"), let name = names.first(where: { !known.contains($0) })
        else { return .password }
        let hint = name.closest(among: known).map { ", but \($0)" } ?? ""
        return Malformed(reason: "libpq knows no parameter \(name.shortened)\(hint)")
    }

    private static func keywords() -> [String] {
        guard let first = PQconndefaults() else { return [] }
        defer { PQconninfoFree(first) }
        return sequence(first: first) { $0 + 1 }.lazy.map(\.pointee.keyword)
            .prefix { $0 != nil }.compactMap { $0.map { String(cString: $0) } }
    }

    private static func description(of options: [String: String]) -> String {
        var others = options
        let user = others.removeValue(forKey: "user") ?? ""
        let password = others.removeValue(forKey: "password").map { _ in ":…" } ?? ""
        // A folder with a socket is not a host.
        let isHost = options["host"].map { !$0.hasPrefix("/") } ?? false
        let host = isHost ? others.removeValue(forKey: "host") ?? "" : ""
        let ports = (others.removeValue(forKey: "port") ?? "")
            .split(separator: ",", omittingEmptySubsequences: false)
        // Several hosts have one port, or a port each.
        let places = host.split(separator: ",", omittingEmptySubsequences: false)
            .enumerated().map { index, host in
                let port = ports.count == 1 ? ports[0] : ports.dropFirst(index).first ?? ""
                return host + (port.isEmpty ? "" : ":") + port
            }.joined(separator: ",")
        let database = others.removeValue(forKey: "dbname") ?? ""
        let query = others.sorted { $0.key < $1.key }.map { key, value in
            "\(key)=" + (key.contains("pass") ? "…" : value)
        }
        let credentials = user + password
        let path = "/" + database + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        return "postgres://" + credentials + (credentials.isEmpty ? "" : "@") + places + path
    }

    /// Whether the server rejects connections or is silent: then the same address may work later.
    var mayRespondLater: Bool {
        let response = withParameters { PQpingParams($0, $1, 1) }
        return response == PQPING_REJECT || response == PQPING_NO_RESPONSE
    }

    func withParameters<Value>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) ->
            Value
    ) -> Value {
        var parameters = [
            // In seconds. libpq's minimum is two.
            ("connect_timeout", "2"),
            ("application_name", "carrier"),
            // Detects that the server's machine is lost. In milliseconds, seconds and seconds.
            ("tcp_user_timeout", "5000"), ("keepalives_idle", "5"), ("keepalives_interval", "2"),
        ]
        if let password { parameters.append(("password", password)) }
        // The last of several parameters with one name counts.
        parameters.append(("dbname", url))
        parameters.append(("client_encoding", "UTF8"))
        let keywords = parameters.map { strdup($0.0) } + [nil]
        let values = parameters.map { strdup($0.1) } + [nil]
        defer { (keywords + values).forEach { free($0) } }
        return body(keywords.map { UnsafePointer($0) }, values.map { UnsafePointer($0) })
    }
}
