/// One of several requests on a connection, and what the server must do with it.
struct PipelinedRequest {
    let id: String
    private(set) var status = 200
    /// Whether the server rejects the request before it reads it, and closes the connection.
    private(set) var isRejected = false
    /// Whether the connection ends with the response; nil if the order of the response and the end of the
    /// body decides.
    private(set) var endsConnection: Bool?
    private(set) var bytes: [UInt8] = []

    private var version = "HTTP/1.1"
    private var headers: [String]
    private var body = ""

    /// - Parameter number: What the request creates, if it creates one.
    /// - Parameter hidden: What a request in a body would create.
    /// - Parameter isLast: Whether the client asks the server to close the connection.
    init(
        id: String, number: String, hidden: String, isLast: Bool, authorization: String,
        _ random: inout SplitMix64
    ) {
        self.id = id
        headers = ["X-Request-Id: \(id)", "Content-Type: application/json"]
        let hidden = Self.json(hidden)
        let headersOfHidden = [
            "Host: localhost", authorization, "Content-Type: application/json",
            "Content-Length: \(hidden.utf8.count)",
        ]
        let create = Self.text("POST /api/v1/numbers HTTP/1.1", headersOfHidden, hidden)
        let line = choose(Self.json(number), create, authorization, &random)
        let ends = random.isOne(of: 12) || isLast || line.hasPrefix("CONNECT")
        if ends { headers.append("Connection: close") }
        if random.isOne(of: 3) {
            headers += [
                "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk",
            ]
        }
        let isAwaited = random.isOne(of: 6)
        if isAwaited { headers.append("Expect: 100-continue") }
        let isChunked = frame(&random)
        chooseVersion(isChunked: isChunked, &random)
        endsConnection =
            ends || isRejected || version == "HTTP/1.0"
            ? true : isAwaited || isChunked ? nil : false
        headers.shuffle(using: &random)
        bytes = Array(Self.text("\(line) \(version)", headers, body).utf8)
    }

    private mutating func choose(
        _ number: String, _ hidden: String, _ authorization: String, _ random: inout SplitMix64
    ) -> String {
        let any = random.isOne(of: 3) ? hidden : ""
        let kinds: [(line: String, isSignedIn: Bool, body: String, status: Int)] = [
            ("GET /api/v1/numbers?perPage=2", true, any, 200),
            ("GET /api/v1/numbers?perPage=2", true, "", 200),
            ("GET /api/v1/numbers/1", true, "", 200),
            ("GET /api/v1/numbers/1", true, any, 200),
            ("GET /api/v1/numbers/1", false, any, 401),
            ("HEAD /api/v1/numbers?perPage=2", true, any, 200),
            ("OPTIONS /api/v1/numbers", true, any, 204),
            ("GET /livez", false, any, 200),
            ("CONNECT localhost:1", true, any, 404),
            ("POST /api/v1/numbers", true, number, 201),
            ("POST /api/v1/numbers", true, number, 201),
            ("POST /api/v1/numbers", true, "{}", 422),
            ("POST /api/v1/numbers", true, hidden, 400),
            ("POST /api/v1/numbers", false, number, 401),
        ]
        let kind = kinds[Int.random(in: kinds.indices, using: &random)]
        (body, status) = (kind.body, kind.status)
        if kind.isSignedIn { headers.append(authorization) }
        return kind.line
    }

    private mutating func chooseVersion(isChunked: Bool, _ random: inout SplitMix64) {
        let choice = random.next() % 16
        if choice != 2 { headers.append("Host: localhost") }
        switch choice {
        case 0:
            version = "HTTP/1.0"
            if isChunked { reject(400) }
        case 1 where !isRejected:
            version = "HTTP/2.0"
            reject(505)
        case 2: reject(400)
        case 3:
            headers.append("Host: other")
            reject(400)
        default: break
        }
    }

    private mutating func reject(_ status: Int) {
        (self.status, isRejected) = (status, true)
    }

    /// Adds the headers that define where the body ends, and returns whether it has chunks.
    private mutating func frame(_ random: inout SplitMix64) -> Bool {
        let length = "Content-Length: \(body.utf8.count)"
        switch random.next() % 10 {
        case 0...4:
            if !body.isEmpty { headers.append(length) }
            return false
        case 5...7:
            headers.append("Transfer-Encoding: \(random.isOne(of: 2) ? "chunked" : " cHunKed ")")
            body = Self.chunked(body, &random)
            return true
        default:
            let bad = [
                ["Transfer-Encoding:"], ["Transfer-Encoding: ", length],
                ["Transfer-Encoding: gzip"], ["Transfer-Encoding: chunked\t"],
                ["Transfer-Encoding: gzip, chunked"], ["Transfer-Encoding: chunked, chunked"],
                ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
                ["Transfer-Encoding: chunked", "Transfer-Encoding:"],
                ["Transfer-Encoding: chunked", length],
                ["Transfer-Encoding:\r\n chunked"], ["Transfer-Encoding: chunked\r\n "],
                [length, "Content-Length: 0"], ["Content-Length: -1"],
            ]
            headers += bad[Int.random(in: bad.indices, using: &random)]
            if random.isOne(of: 2) { body = Self.chunked("", &random) + body }
            reject(400)
            return false
        }
    }

    /// Returns the body in chunks of random sizes.
    private static func chunked(_ body: String, _ random: inout SplitMix64) -> String {
        var rest = Array(body.utf8)[...]
        var text = ""
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...rest.count, using: &random))
            rest = rest.dropFirst(piece.count)
            let size = String(piece.count, radix: 16, uppercase: random.isOne(of: 2))
            text += "\(size)\r\n\(String(decoding: piece, as: UTF8.self))\r\n"
        }
        return text + "0\r\n\(random.isOne(of: 4) ? "Trailer: 1\r\n" : "")\r\n"
    }

    private static func json(_ number: String) -> String {
        #"{"value": "\#(number)", "monthyPrice": "1", "setupPrice": "2", "currency": "U$"}"#
    }

    private static func text(_ line: String, _ headers: [String], _ body: String) -> String {
        ([line] + headers).map { $0 + "\r\n" }.joined() + "\r\n" + body
    }
}
