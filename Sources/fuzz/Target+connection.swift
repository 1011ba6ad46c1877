internal import Inventory
internal import JSON
internal import Synchronization

/// Sends several requests on a connection. Each must get its response, and the server must execute
/// nothing else.
extension Target {
    private static let count = Atomic(0)

    /// A text is the seed of one connection.
    static let connection = Target(
        name: "connection", samples: ["1"], words: "", milliseconds: 2000
    ) { text in
        let server = try LocalServer.shared.get()
        var random = SplitMix64(state: text.utf8.reduce(0) { $0 &* 31 &+ UInt64($1) })
        // No two connections create the same number.
        let count = count.wrappingAdd(1, ordering: .relaxed).newValue
        let prefix = "+55849" + String(count + 10_000_000).dropFirst()
        let isHalfClosed = random.below(2) == 0
        let requests = requests(prefix, isHalfClosed: isHalfClosed, server, &random)
        var bytes = requests.flatMap(\.bytes)
        let isCut = isHalfClosed && random.below(4) == 0
        if isCut { bytes.removeLast(1 + random.below(requests.last?.bytes.count ?? 1)) }
        // The server reads the bytes in several pieces.
        let cuts = (0..<random.below(4)).map { _ in random.below(bytes.count + 1) }
        let places = [0] + cuts.sorted() + [bytes.count]
        let pieces = zip(places, places.dropFirst()).map { bytes[$0..<$1] }
        do {
            let responses = try server.send(pieces, isHalfClosed: isHalfClosed)
            let executed = try executed(requests, by: responses, isCut: isCut)
            let created = executed.indices.filter { executed[$0].status == 201 }
            try expectCreated(created.map { "\(prefix)\($0)" }, prefix, server)
            return executed.count == requests.count
        } catch let error as Broken {
            throw Broken("\(error)\n\(String(decoding: bytes, as: UTF8.self))\n")
        }
    }

    private static func requests(
        _ prefix: String, isHalfClosed: Bool, _ server: LocalServer, _ random: inout SplitMix64
    ) -> [PipelinedRequest] {
        let count = 1 + random.below(8)
        var seed = random.next()
        return (0..<count).map { index in
            // A repeated request may get a cached response.
            if random.below(2) == 0 { seed = random.next() }
            return PipelinedRequest(
                id: "\(prefix.dropFirst())-\(index)", number: "\(prefix)\(index)",
                hidden: prefix + "9", isLast: !isHalfClosed && index == count - 1,
                authorization: server.authorization, seed: seed)
        }
    }

    /// - Parameter isCut: Whether the end of the last request was not sent.
    private static func executed(
        _ requests: [PipelinedRequest], by responses: [ServerResponse], isCut: Bool
    ) throws -> ArraySlice<PipelinedRequest> {
        let complete = requests.dropLast(isCut ? 1 : 0)
        for (index, request) in complete.enumerated() {
            guard index < responses.count else { throw Broken("request \(index) has no response") }
            if try isEnd(responses[index], of: request) {
                try expect(responses.count == index + 1, "responses follow the last one")
                return complete[...index]
            }
        }
        // A part of a request may be enough to reject it, but not to execute it.
        try expect(responses.count <= requests.count, "there are more responses than requests")
        return complete
    }

    private static func isEnd(
        _ response: ServerResponse, of request: PipelinedRequest
    ) throws -> Bool {
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
        let response = try server.send([Array(request.utf8)[...]], isHalfClosed: false).first
        let body = String(decoding: response?.body ?? [], as: UTF8.self)
        guard case .array(let numbers) = try JSONParser.parse(body) else {
            throw Broken("the numbers cannot be listed")
        }
        let stored = numbers.map { number in
            if case .string(let text) = number["value"] {
                "+" + text.filter(\.isNumber)
            } else {
                ""
            }
        }
        try expect(stored == values, "\(stored) were created, not \(values)")
    }
}
