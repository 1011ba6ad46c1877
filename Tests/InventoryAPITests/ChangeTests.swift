import Inventory
import StoreTesting
import Testing

/// Changes, previews and undo.
@Suite(.stores) struct ChangeTests {
    private let client: Client

    init() async throws {
        client = try await Client()
        try await client.createGood()
    }

    private static let raise = #"{"select":{"all":true},"set":{"monthyPrice":{"times":"1.10"}}}"#

    @Test func everyWriteReturnsItsChangeID() async throws {
        for (index, (request, body)) in [
            ("PUT numbers/1", Client.good.replacing("0.03", with: "0.04")),
            ("PATCH numbers/1", #"{"currency":"BRL"}"#),
        ].enumerated() {
            #expect(try await client.send(request, body)["Change-Id"] == "\(index + 2)")
        }
        for (request, body) in [
            ("PATCH numbers/1", #"{"currency":"BRL"}"#), ("GET numbers/1", nil),
        ] {
            let unchanged = try await client.send(request, body)
            #expect(unchanged.status == 200)
            #expect(unchanged["Change-Id"] == nil)
        }
        let deleted = try await client.send("DELETE numbers/1")
        #expect(deleted["Change-Id"] == "4")
        let history = try await client.send("GET numbers/1/changes")
        let kinds = (history.json as? [[String: Any]])?.map { $0["kind"] as? String }
        #expect(kinds == ["delete", "change", "change", "create"])
    }

    @Test func deletionIsUndoneAndRedone() async throws {
        let before = try await client.send("GET numbers/1")
        _ = try await client.send("DELETE numbers/1")
        #expect(try await client.status("POST changes/2/undo") == 201)
        let after = try await client.send("GET numbers/1")
        #expect(after.text == before.text)
        #expect(after["ETag"] != before["ETag"])
        // The change names its undo, which can be undone too.
        #expect(try await client.send("GET changes/2").object["undoneBy"] as? Int == 3)
        #expect(try await client.status("POST changes/3/undo") == 201)
        #expect(try await client.status("GET numbers/1") == 404)
        #expect(try await client.send("GET changes/2").object["undoneBy"] == nil)
    }

    @Test func undoConflictNamesLaterChanges() async throws {
        _ = try await client.send("POST changes", Self.raise)
        _ = try await client.send("PATCH numbers/1", #"{"monthyPrice":"9.99"}"#)
        let refused = try await client.send("POST changes/2/undo")
        #expect(
            refused.problem
                == "409 cannot-undo: 1 number has moved on since change 2; nothing was undone.")
        let conflict = #"{"id":1,"change":3,"members":["monthyPrice"]}"#
        #expect(refused.text.contains(#""errorCount":1,"numbers":[\#(conflict)]"#))
        #expect(try await client.status("POST changes/3/undo") == 201)
        #expect(try await client.status("POST changes/2/undo") == 201)
        let twice = try await client.send("POST changes/2/undo")
        #expect(twice.status == 409 && twice.object["undoneBy"] is Int)
    }

    @Test func undoConflictNamesTheNewOwnerOfAPhoneNumber() async throws {
        _ = try await client.send("PATCH numbers/1", #"{"value":"+55 84 91234-9999"}"#)
        try await client.createGood()
        let refused = try await client.send("POST changes/2/undo")
        #expect(
            refused.problem == """
                409 cannot-undo: 1 number has lost its phone number to another since change 2; \
                nothing was undone.
                """)
        #expect(refused.text.contains(#""numbers":[{"id":1,"takenBy":2}]"#))
    }

    @Test func outdatedPreviewReturns412() async throws {
        let preview = try await client.send("POST changes?dryRun=true", Self.raise)
        let tag = try #require(preview["ETag"])
        #expect(try await client.send("GET changes").text.contains("changeMany") == false)
        _ = try await client.send("PATCH numbers/1", #"{"monthyPrice":"0.05"}"#)
        let refused = try await client.send("POST changes", Self.raise, headers: ["If-Match": tag])
        #expect(refused.status == 412)
        #expect(refused.object["type"] as? String == "/problems/preview-outdated")
        #expect(refused.detail.hasPrefix("The numbers have changed since the preview"))
        let foreign = try await client.send(
            "POST changes", Self.raise, headers: ["If-Match": #""1""#])
        #expect(foreign.detail == "If-Match names no tag of a preview.")
        let current = try #require(refused["ETag"])
        #expect(current != tag)
        let number = try await client.send("GET numbers/1")
        #expect(number.object["monthyPrice"] as? String == "0.05")
        // Compressing proxies add this suffix.
        let suffixed = current.dropLast() + #"-gzip""#
        let done = try await client.send(
            "POST changes", Self.raise, headers: ["If-Match": "W/\(suffixed)"])
        #expect(done.status == 201)
        let raised = try await client.send("GET numbers/1")
        #expect(raised.object["monthyPrice"] as? String == "0.055")
        // Another action on the same numbers needs the tag of its own preview.
        let other = #"{"select":{"all":true},"delete":true}"#
        let again = try await client.send("POST changes", other, headers: ["If-Match": current])
        #expect(again.status == 412)
    }

    @Test func requestSelectsAtMost100000IDs() async throws {
        let ids = (2...100_000).map(String.init).joined(separator: ",")
        let response = try await client.send(
            "POST changes", #"{"select":{"ids":[1,\#(ids)]},"delete":true}"#)
        #expect(response.status == 422)
        #expect(response.object["errorCount"] as? Int == 99_999)
        #expect((response.object["errors"] as? [Any])?.count == 100)
        let more = try await client.send(
            "POST changes", #"{"select":{"ids":[1,\#(ids),100001]},"delete":true}"#)
        #expect(more.status == 422)
        #expect(more.detail == "select must select 100000 numbers at most, not 100001.")
    }
}
