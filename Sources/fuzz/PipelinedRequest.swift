/// A request among others on one connection, and what the server must do with it.
struct PipelinedRequest {
    let id: String
    private(set) var status = 200
    /// Whether the server sends an error before it looks at the request, and closes the connection.
    private(set) var isRefused = false
    /// Whether the connection ends with the response; nil if that depends on whether the response or the
    /// end of the body comes first.
    private(set) var endsConnection: Bool?
    private(set) var bytes: [UInt8] = []

    private let authorization: String
    private var line = ""
    private var version = "HTTP/1.1"
    private var headers: [String] = []
    private var body = ""

    /// - Parameter number: What the request creates, if it creates one.
    /// - Parameter hidden: What a request in a body would create.
    /// - Parameter isLast: Whether the client asks the server to close the connection.
    init(
        id: String, number: String, hidden: String, isLast: Bool, authorization: String,
        _ chance: inout Chance
    ) {
        self.id = id
        self.authorization = authorization
        choose(Self.number(number), Self.create(Self.number(hidden), authorization), &chance)
        headers += ["X-Request-Id: \(id)", "Content-Type: application/json"]
        let ends = chance.isOne(of: 12) || isLast || line.hasPrefix("CONNECT")
        if ends { headers.append("Connection: close") }
        if chance.isOne(of: 3) {
            headers += [
                "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk",
            ]
        }
        let isAwaited = chance.isOne(of: 6)
        if isAwaited { headers.append("Expect: 100-continue") }
        let inChunks = frame(&chance)
        chooseVersion(inChunks: inChunks, &chance)
        endsConnection =
            ends || isRefused || version == "HTTP/1.0" ? true : isAwaited || inChunks ? nil : false
        headers.shuffle(using: &chance)
        bytes = Array(Self.text(line, version, headers, body).utf8)
    }

    var creates: Bool { status == 201 }

    private mutating func choose(_ number: String, _ hidden: String, _ chance: inout Chance) {
        let body = chance.isOne(of: 3) ? hidden : ""
        let kinds: [(line: String, isSignedIn: Bool, body: String, status: Int)] = [
            ("GET /api/v1/numbers?perPage=2", true, body, 200),
            ("GET /api/v1/numbers?perPage=2", true, "", 200),
            ("GET /api/v1/numbers/1", true, "", 200),
            ("GET /api/v1/numbers/1", true, body, 200),
            ("GET /api/v1/numbers/1", false, body, 401),
            ("HEAD /api/v1/numbers?perPage=2", true, body, 200),
            ("OPTIONS /api/v1/numbers", true, body, 204),
            ("GET /livez", false, body, 200),
            ("CONNECT localhost:1", true, body, 404),
            ("POST /api/v1/numbers", true, number, 201),
            ("POST /api/v1/numbers", true, number, 201),
            ("POST /api/v1/numbers", true, "{}", 422),
            ("POST /api/v1/numbers", true, hidden, 400),
            ("POST /api/v1/numbers", false, number, 401),
        ]
        let kind = kinds[Int.random(in: kinds.indices, using: &chance)]
        (line, self.body, status) = (kind.line, kind.body, kind.status)
        if kind.isSignedIn { headers.append(authorization) }
    }

    private mutating func chooseVersion(inChunks: Bool, _ chance: inout Chance) {
        switch chance.next() % 16 {
        case 0:
            version = "HTTP/1.0"
            if inChunks { refuse(400) }
        case 1 where !isRefused:
            version = "HTTP/2.0"
            refuse(505)
        // No Host.
        case 2: return refuse(400)
        case 3:
            headers.append("Host: other")
            refuse(400)
        default: break
        }
        headers.append("Host: localhost")
    }

    private mutating func refuse(_ status: Int) {
        (self.status, isRefused) = (status, true)
    }

    /// Adds the headers that say where the body ends, and returns whether it comes in chunks.
    private mutating func frame(_ chance: inout Chance) -> Bool {
        let length = body.utf8.count
        switch chance.next() % 10 {
        case 0...4:
            if length > 0 { headers.append("Content-Length: \(length)") }
            return false
        case 5...7:
            headers.append("Transfer-Encoding: \(chance.isOne(of: 2) ? "chunked" : " cHunKed ")")
            body = Self.chunked(body, &chance)
            return true
        default:
            let bad = [
                ["Transfer-Encoding:"], ["Transfer-Encoding: ", "Content-Length: \(length)"],
                ["Transfer-Encoding: gzip"], ["Transfer-Encoding: chunked\t"],
                ["Transfer-Encoding: gzip, chunked"], ["Transfer-Encoding: chunked, chunked"],
                ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
                ["Transfer-Encoding: chunked", "Transfer-Encoding:"],
                ["Transfer-Encoding: chunked", "Content-Length: \(length)"],
                ["Transfer-Encoding:\r\n chunked"], ["Transfer-Encoding: chunked\r\n "],
                ["Content-Length: \(length)", "Content-Length: 0"], ["Content-Length: -1"],
            ]
            headers += bad[Int.random(in: bad.indices, using: &chance)]
            if chance.isOne(of: 2) { body = Self.chunked("", &chance) + body }
            refuse(400)
            return false
        }
    }

    /// The body in chunks of any size.
    private static func chunked(_ body: String, _ chance: inout Chance) -> String {
        var rest = Array(body.utf8)[...]
        var text = ""
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...rest.count, using: &chance))
            rest = rest.dropFirst(piece.count)
            let size = String(piece.count, radix: 16, uppercase: chance.isOne(of: 2))
            text += "\(size)\r\n\(String(decoding: piece, as: UTF8.self))\r\n"
        }
        return text + "0\r\n\(chance.isOne(of: 4) ? "Trailer: 1\r\n" : "")\r\n"
    }

    private static func number(_ value: String) -> String {
        #"{"value": "\#(value)", "monthyPrice": "1", "setupPrice": "2", "currency": "U$"}"#
    }

    private static func create(_ number: String, _ authorization: String) -> String {
        let headers = [
            "Host: localhost", authorization, "Content-Type: application/json",
            "Content-Length: \(number.utf8.count)",
        ]
        return text("POST /api/v1/numbers", "HTTP/1.1", headers, number)
    }

    private static func text(
        _ line: String, _ version: String, _ headers: [String], _ body: String
    ) -> String {
        "\(line) \(version)\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n" + body
    }
}
