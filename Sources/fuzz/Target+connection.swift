internal import Inventory
internal import JSON
internal import Synchronization

/// Connections with several requests: each response belongs to its request, and nothing else is executed.
extension Target {
    private static let count = Atomic(0)

    /// A text is the seed of one connection.
    static let connection = Target(
        name: "connection", samples: ["1"], words: [], milliseconds: 2000
    ) { text in
        let server = try LocalServer.shared.get()
        var chance = Chance(state: text.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
        // No two connections create the same number.
        let count = count.wrappingAdd(1, ordering: .relaxed).newValue
        let prefix = "+55849" + String(String(count + 10_000_000).dropFirst())
        let isHalfClosed = chance.isOne(of: 2)
        let requests = requests(prefix, isHalfClosed: isHalfClosed, server, &chance)
        var bytes = requests.flatMap(\.bytes)
        let lastLength = requests.last?.bytes.count ?? 0
        let isCut = isHalfClosed && chance.isOne(of: 4)
        if isCut { bytes.removeLast(Int.random(in: 1...lastLength, using: &chance)) }
        do {
            let received = try server.send(pieces(of: bytes, &chance), isHalfClosed: isHalfClosed)
            let responses = try ReceivedResponse.all(in: received)
            let executed = try executed(requests, by: responses, isCut: isCut)
            let created = executed.indices.filter { executed[$0].creates }.map { "\(prefix)\($0)" }
            try expectCreated(created, prefix, server)
            return executed.count == requests.count
        } catch let error as Broken {
            throw Broken("\(error.reason)\n\(String(decoding: bytes, as: UTF8.self))\n")
        }
    }

    /// - Parameter prefix: Of the numbers that may be created.
    private static func requests(
        _ prefix: String, isHalfClosed: Bool, _ server: LocalServer, _ chance: inout Chance
    ) -> [PipelinedRequest] {
        let count = Int.random(in: 1...8, using: &chance)
        var seed = chance.next()
        return (0..<count).map { index in
            // A request that is repeated may get a cached response.
            if chance.isOne(of: 2) { seed = chance.next() }
            var own = Chance(state: seed)
            return PipelinedRequest(
                id: "\(prefix.dropFirst())-\(index)", number: "\(prefix)\(index)",
                hidden: prefix + "9",
                isLast: !isHalfClosed && index == count - 1, authorization: server.authorization,
                &own)
        }
    }

    private static func pieces(
        of bytes: [UInt8], _ chance: inout Chance
    ) -> [ArraySlice<UInt8>] {
        var rest = bytes[...]
        var pieces: [ArraySlice<UInt8>] = []
        for _ in 0..<chance.next() % 4 {
            pieces.append(rest.prefix(Int.random(in: 0...rest.count, using: &chance)))
            rest = rest.dropFirst(pieces.last?.count ?? 0)
        }
        return pieces + [rest]
    }

    /// The requests that the server has executed, by its responses.
    ///
    /// - Parameter isCut: Whether the end of the last request was not sent.
    private static func executed(
        _ requests: [PipelinedRequest], by responses: [ReceivedResponse], isCut: Bool
    ) throws -> ArraySlice<PipelinedRequest> {
        for (index, request) in requests.enumerated() {
            let isPart = isCut && index == requests.count - 1
            guard index < responses.count, !isPart else {
                try expect(isPart, "request \(index) has no response")
                // A part of a request may be enough to refuse it, but not to execute it.
                try expect(responses.dropFirst(index).count < 2, "a part has several responses")
                return requests[..<index]
            }
            let isEnd = try check(responses[index], to: request)
            guard isEnd else { continue }
            try expect(responses.count == index + 1, "responses follow the last one")
            return requests[...index]
        }
        try expect(responses.count == requests.count, "there are more responses than requests")
        return requests[...]
    }

    /// Returns whether the connection ends with the response.
    private static func check(
        _ response: ReceivedResponse, to request: PipelinedRequest
    ) throws -> Bool {
        try expect(
            response.status == request.status,
            "\(request.id): status \(response.status), not \(request.status)")
        try expect(
            response.id == request.id || request.isRefused,
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
        let body = try ReceivedResponse.all(in: received).first?.body ?? []
        guard case .array(let numbers) = try JSONParser.parse(String(decoding: body, as: UTF8.self))
        else { throw Broken("the numbers cannot be listed") }
        let stored = numbers.map { number -> String in
            guard case .string(let value) = number["value"] else { return "" }
            return "+" + value.filter(\.isNumber)
        }
        try expect(stored == values, "\(stored) were created, not \(values)")
    }
}

/// A response of the server, whatever its request.
private struct ReceivedResponse {
    let status: Int
    let id: String
    let isLast: Bool
    let body: ArraySlice<UInt8>

    /// Splits what the server sent; interim responses are left out.
    static func all(in received: [UInt8]) throws -> [ReceivedResponse] {
        var responses: [ReceivedResponse] = []
        var rest = received[...]
        while let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
            let head = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
                .replacing("\r\n", with: "\n").split(separator: "\n").map(String.init)
            rest = rest[end.upperBound...]
            let headers = head.dropFirst().map { $0.split(separator: ":", maxSplits: 1) }
            func value(_ name: String) -> String {
                let header = headers.first { $0[0].lowercased() == name }
                return header.map { String($0[1].drop { $0 == " " }) } ?? ""
            }
            guard let status = Int(head.first?.split(separator: " ").dropFirst().first ?? "") else {
                throw Broken("there is no response in \(head)")
            }
            // Responses to HEAD have a length, but no body.
            let hasBody = !rest.starts(with: "HTTP/1.1 ".utf8)
            let body = hasBody ? rest.prefix(Int(value("content-length")) ?? 0) : []
            rest = rest.dropFirst(body.count)
            guard status >= 200 else { continue }
            responses.append(
                ReceivedResponse(
                    status: status, id: value("request-id"),
                    isLast: value("connection") == "close", body: body))
        }
        guard rest.isEmpty else { throw Broken("\(rest.count) bytes are no response") }
        return responses
    }
}
