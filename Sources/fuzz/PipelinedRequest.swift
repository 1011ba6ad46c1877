internal import Inventory

/// One of several requests on a connection, and what the server must do with it.
struct PipelinedRequest {
    let id: String
    private(set) var status: Int
    /// Whether the server rejects the request before it reads it, and closes the connection.
    private(set) var isRejected = false
    /// Whether the connection ends after the response. Nil if that depends on whether the response
    /// begins before the body ends.
    private(set) var endsConnection: Bool?
    private(set) var bytes: [UInt8] = []

    private var random: SplitMix64
    private var version = "HTTP/1.1"
    private var headers: [String]
    private var body: String

    /// - Parameter hidden: The number that a request hidden in a body would create.
    init(
        id: String, number: String, hidden: String, isLast: Bool, authorization: String,
        seed: UInt64
    ) {
        self.id = id
        random = SplitMix64(state: seed)
        let kind = random.element(of: Self.kinds(number, hidden: hidden, authorization))
        (body, status) = (kind.body, kind.status)
        headers = ["Host: localhost", "X-Request-Id: \(id)", "Content-Type: application/json"]
        if kind.isSignedIn { headers.append(authorization) }
        let isClosed = isLast || kind.line.hasPrefix("CONNECT") || random.below(12) == 0
        if isClosed { headers.append("Connection: close") }
        if random.below(3) == 0 {
            headers += [
                "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk",
            ]
        }
        let isAwaited = random.below(6) == 0
        if isAwaited { headers.append("Expect: 100-continue") }
        let isChunked = frameBody()
        chooseVersionAndHost(isChunked: isChunked)
        let ends = isClosed || isRejected || version == "HTTP/1.0"
        endsConnection = ends ? true : isAwaited || isChunked ? nil : false
        headers.shuffle(using: &random)
        bytes = Array(Self.text("\(kind.line) \(version)", headers, body).utf8)
    }

    private static func kinds(
        _ number: String, hidden: String, _ authorization: String
    ) -> [(line: String, isSignedIn: Bool, body: String, status: Int)] {
        let (number, hiddenNumber) = (json(number), json(hidden))
        let hidden = text(
            "POST /api/v1/numbers HTTP/1.1",
            [
                "Host: localhost", authorization, "Content-Type: application/json",
                "Content-Length: \(hiddenNumber.utf8.count)",
            ], hiddenNumber)
        return [
            ("GET /api/v1/numbers?perPage=2", true, hidden, 200),
            ("GET /api/v1/numbers?perPage=2", true, "", 200),
            ("GET /api/v1/numbers/1", true, hidden, 200),
            ("GET /api/v1/numbers/1", true, "", 200),
            ("GET /api/v1/numbers/1", false, hidden, 401),
            ("GET /api/v1/numbers/1", false, "", 401),
            ("HEAD /api/v1/numbers?perPage=2", true, hidden, 200),
            ("OPTIONS /api/v1/numbers", true, hidden, 204),
            ("GET /livez", false, hidden, 200),
            ("CONNECT localhost:1", true, hidden, 404),
            ("POST /api/v1/numbers", true, number, 201),
            ("POST /api/v1/numbers", true, number, 201),
            ("POST /api/v1/numbers", true, "{}", 422),
            ("POST /api/v1/numbers", true, hidden, 400),
            ("POST /api/v1/numbers", false, number, 401),
        ]
    }

    /// Adds the headers that define where the body ends, and returns whether it has chunks.
    private mutating func frameBody() -> Bool {
        let (length, encoding) = (
            "Content-Length: \(body.utf8.count)", "Transfer-Encoding: chunked"
        )
        switch random.below(10) {
        case 0...4:
            if !body.isEmpty { headers.append(length) }
        case 5...7:
            headers.append(random.element(of: [encoding, "Transfer-Encoding:  cHunKed "]))
            body = chunked()
            return true
        default:
            headers.append(
                random.element(of: [
                    "Transfer-Encoding:", "Transfer-Encoding: \r\n\(length)",
                    "Transfer-Encoding: gzip", "Transfer-Encoding: gzip, chunked",
                    "Transfer-Encoding:\r\n chunked", "\(encoding)\t", "\(encoding), chunked",
                    "\(encoding)\r\n\(encoding)", "\(encoding)\r\nTransfer-Encoding:",
                    "\(encoding)\r\n\(length)", "\(encoding)\r\n ", "Content-Length: -1",
                    "\(length)\r\nContent-Length: 0",
                ]))
            // A server that expects chunks would end the body here, and read the rest as a request.
            if random.below(2) == 0 { body = "0\r\n\r\n" + body }
            reject(400)
        }
        return false
    }

    private mutating func chunked() -> String {
        var rest = body[...]
        var text = ""
        while !rest.isEmpty {
            let chunk = rest.prefix(1 + random.below(rest.count))
            rest = rest.dropFirst(chunk.count)
            let size = String(chunk.utf8.count, radix: 16, uppercase: random.below(2) == 0)
            text += "\(size)\r\n\(chunk)\r\n"
        }
        return text + "0\r\n\(random.element(of: ["", "", "Trailer: 1\r\n"]))\r\n"
    }

    private mutating func chooseVersionAndHost(isChunked: Bool) {
        switch random.below(16) {
        case 0:
            version = "HTTP/1.0"
            if isChunked { reject(400) }
        case 1 where !isRejected:
            version = "HTTP/2.0"
            reject(505)
        case 2:
            headers.removeAll { $0.hasPrefix("Host") }
            reject(400)
        case 3:
            headers.append("Host: other")
            reject(400)
        default: break
        }
    }

    private mutating func reject(_ status: Int) { (self.status, isRejected) = (status, true) }

    private static func json(_ number: String) -> String {
        #"{"value": "\#(number)", "monthyPrice": "1", "setupPrice": "2", "currency": "U$"}"#
    }

    private static func text(_ line: String, _ headers: [String], _ body: String) -> String {
        ([line] + headers).map { $0 + "\r\n" }.joined() + "\r\n" + body
    }
}
