internal import Inventory
internal import JSON
internal import Synchronization

/// Connections with several requests: each response belongs to its request, and nothing else is executed.
extension Target {
    private static let count = Atomic(0)

    /// A text is the seed of one connection.
    static let connection = Target("connection", ["1"], words: "", milliseconds: 2000) { text in
        let server = try LocalServer.shared.get()
        var random = SplitMix64(state: text.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
        // No two connections create the same number.
        let count = count.wrappingAdd(1, ordering: .relaxed).newValue
        let prefix = "+55849" + String(String(count + 10_000_000).dropFirst())
        let isHalfClosed = random.isOne(of: 2)
        let requests = requests(prefix, isHalfClosed: isHalfClosed, server, &random)
        var bytes = requests.flatMap(\.bytes)
        let lastLength = requests.last?.bytes.count ?? 0
        let isCut = isHalfClosed && random.isOne(of: 4)
        if isCut { bytes.removeLast(Int.random(in: 1...lastLength, using: &random)) }
        do {
            let received = try server.send(pieces(of: bytes, &random), isHalfClosed: isHalfClosed)
            let executed = try executed(requests, by: Response.all(in: received), isCut: isCut)
            let created = executed.indices.filter { executed[$0].status == 201 }
            try expectCreated(created.map { "\(prefix)\($0)" }, prefix, server)
            return executed.count == requests.count
        } catch let error as Broken {
            throw Broken("\(error)\n\(String(decoding: bytes, as: UTF8.self))\n")
        }
    }

    /// - Parameter prefix: Of the numbers that may be created.
    private static func requests(
        _ prefix: String, isHalfClosed: Bool, _ server: LocalServer, _ random: inout SplitMix64
    ) -> [PipelinedRequest] {
        let count = Int.random(in: 1...8, using: &random)
        var seed = random.next()
        return (0..<count).map { index in
            // A repeated request may get a cached response.
            if random.isOne(of: 2) { seed = random.next() }
            var own = SplitMix64(state: seed)
            return PipelinedRequest(
                id: "\(prefix.dropFirst())-\(index)", number: "\(prefix)\(index)",
                hidden: prefix + "9", isLast: !isHalfClosed && index == count - 1,
                authorization: server.authorization, &own)
        }
    }

    private static func pieces(
        of bytes: [UInt8], _ random: inout SplitMix64
    ) -> [ArraySlice<UInt8>] {
        let ends = (0..<random.next() % 4).map { _ in
            Int.random(in: 0...bytes.count, using: &random)
        }
        let sorted = [0] + ends.sorted() + [bytes.count]
        return zip(sorted, sorted.dropFirst()).map { bytes[$0..<$1] }
    }

    /// Returns the requests that the server executed, by its responses.
    ///
    /// - Parameter isCut: Whether the end of the last request was not sent.
    private static func executed(
        _ requests: [PipelinedRequest], by responses: [Response], isCut: Bool
    ) throws -> ArraySlice<PipelinedRequest> {
        for (index, request) in requests.enumerated() {
            if isCut, index == requests.count - 1 {
                // A part of a request may be enough to reject it, but not to execute it.
                try expect(responses.count <= index + 1, "a part has several responses")
                return requests[..<index]
            }
            guard index < responses.count else { throw Broken("request \(index) has no response") }
            guard try isEnd(responses[index], of: request) else { continue }
            try expect(responses.count == index + 1, "responses follow the last one")
            return requests[...index]
        }
        try expect(responses.count == requests.count, "there are more responses than requests")
        return requests[...]
    }

    /// Checks a response, and returns whether the connection ends with it.
    private static func isEnd(_ response: Response, of request: PipelinedRequest) throws -> Bool {
        try expect(
            response.status == request.status,
            "\(request.id): status \(response.status), not \(request.status)")
        try expect(
            response.id == request.id || request.isRejected,
            "\(request.id) got the response of \(response.id)")
        let isEnd = request.endsConnection ?? response.isLast
        try expect(response.isLast == isEnd, "\(request.id): Connection is wrong")
        return isEnd
    }

    private static func expectCreated(
        _ values: [String], _ prefix: String, _ server: LocalServer
    ) throws {
        let request =
            "GET /api/v1/numbers?sort=id&prefix=%2B\(prefix.dropFirst()) HTTP/1.1\r\n"
            + "Host: localhost\r\nConnection: close\r\n\(server.authorization)\r\n\r\n"
        let received = try server.send([Array(request.utf8)[...]], isHalfClosed: false)
        let body = try Response.all(in: received).first?.body ?? []
        guard case .array(let numbers) = try JSONParser.parse(String(decoding: body, as: UTF8.self))
        else { throw Broken("the numbers cannot be listed") }
        let stored = numbers.map { number -> String in
            guard case .string(let value) = number["value"] else { return "" }
            return "+" + value.filter(\.isNumber)
        }
        try expect(stored == values, "\(stored) were created, not \(values)")
    }
}

/// A response of the server.
private struct Response {
    let status: Int
    let id: String
    let isLast: Bool
    let body: ArraySlice<UInt8>

    /// Splits what the server sent; interim responses are left out.
    static func all(in received: [UInt8]) throws -> [Response] {
        var responses: [Response] = []
        var rest = received[...]
        while let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
            let head = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
            rest = rest[end.upperBound...]
            let headers = head.split(separator: "\r\n").dropFirst().map { line in
                line.split(separator: ": ", maxSplits: 1).map(String.init)
            }
            func value(_ name: String) -> String {
                headers.first { $0[0].lowercased() == name }?.dropFirst().first ?? ""
            }
            guard let status = Int(head.dropFirst("HTTP/1.1 ".count).prefix(3)) else {
                throw Broken("there is no response in \(head)")
            }
            // Responses to HEAD have a length, but no body.
            let hasBody = !rest.starts(with: "HTTP/1.1 ".utf8)
            let body = hasBody ? rest.prefix(Int(value("content-length")) ?? 0) : []
            rest = rest.dropFirst(body.count)
            guard status >= 200 else { continue }
            responses.append(
                Response(
                    status: status, id: value("request-id"),
                    isLast: value("connection") == "close", body: body))
        }
        guard rest.isEmpty else { throw Broken("\(rest.count) bytes are no response") }
        return responses
    }
}
