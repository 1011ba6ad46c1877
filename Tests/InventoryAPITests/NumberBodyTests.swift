import Testing

/// What a body may say of the number that the address names.
@Suite struct NumberBodyTests {
    private static let path = "/api/v1/numbers/1"

    private func body(_ id: String) -> String {
        "{\"id\":\(id)," + Client.good.dropFirst()
    }

    @Test(arguments: ["PUT", "PATCH"], ["1", #""1""#])
    func takesItsOwnID(method: String, id: String) async throws {
        try await Client.with { client in
            try await client.createGood()
            let answer = try await client.send(method, Self.path, body: body(id))
            #expect(answer.status == 200, "\(answer.text)")
        }
    }

    @Test(
        arguments: ["PUT", "PATCH"],
        [
            ("7", "differs from the address: the body's (7) is not 1"),
            (#""7""#, "differs from the address: the body's (7) is not 1"),
            ("1.0", "differs from the address: the body's (1.0) is not 1"),
            (
                #""123456789012345678901""#, "differs from the address: the body's is not 1"
            ),
            ("null", "must be 1, as in the address, or be left out"),
            ("[]", "must be 1, as in the address, or be left out"),
        ])
    func refusesAnotherID(method: String, id: (text: String, detail: String)) async throws {
        try await Client.with { client in
            try await client.createGood()
            let answer = try await client.send(method, Self.path, body: body(id.text))
            #expect(answer.status == 422)
            let error = #"{"pointer":"/id","detail":"\#(id.detail)"}"#
            #expect(answer.text.contains("[\(error)]"), "\(answer.text)")
        }
    }

    @Test func aFaultOfTheIDComesBeforeThoseOfTheMembers() async throws {
        try await Client.with { client in
            try await client.createGood()
            let answer = try await client.send(
                "PUT", Self.path, body: #"{"value":"+55 84 91234-4321","id":1,"id":1}"#)
            #expect(
                answer.text.contains(
                    "4 members need attention: id, monthyPrice, setupPrice, currency."))
            let hint = "is required; use PATCH to change some members only"
            #expect(answer.text.contains(#"{"pointer":"/currency","detail":"\#(hint)"}"#))
        }
    }
}
