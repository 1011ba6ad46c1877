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
        let deleted = try await client.send("DELETE numbers/1")
        let id = try #require(deleted["Change-Id"])
        #expect(try await client.send("POST changes/\(id)/undo").status == 201)
        let after = try await client.send("GET numbers/1")
        #expect(after.text == before.text)
        #expect(after["ETag"] != before["ETag"])
        // The change names its undo, which can be undone too.
        let change = try await client.send("GET changes/\(id)")
        let undo = try #require(change.object["undoneBy"] as? Int)
        #expect(try await client.send("POST changes/\(undo)/undo").status == 201)
        #expect(try await client.send("GET numbers/1").status == 404)
        let redone = try await client.send("GET changes/\(id)")
        #expect(redone.object["undoneBy"] == nil)
    }

    @Test func undoConflictNamesLaterChanges() async throws {
        let raised = try await client.send("POST changes", Self.raise)
        let id = try #require(raised["Change-Id"])
        let moved = try await client.send("PATCH numbers/1", #"{"setupPrice":"9.99"}"#)
        let mover = try #require(moved["Change-Id"])
        let refused = try await client.send("POST changes/\(id)/undo")
        #expect(refused.status == 409)
        #expect(refused.object["type"] as? String == "/problems/cannot-undo")
        #expect(refused.detail == "1 number has moved on since change \(id); nothing was undone.")
        #expect(refused.text.contains(#""errorCount":1,"numbers":[{"id":1,"change":\#(mover)}]"#))
        #expect(try await client.send("POST changes/\(mover)/undo").status == 201)
        #expect(try await client.send("POST changes/\(id)/undo").status == 201)
        let twice = try await client.send("POST changes/\(id)/undo")
        #expect(twice.status == 409)
        #expect(twice.object["undoneBy"] is Int)
    }

    @Test func undoConflictNamesTheNewOwnerOfAPhoneNumber() async throws {
        let renamed = try await client.send("PATCH numbers/1", #"{"value":"+55 84 91234-9999"}"#)
        let id = try #require(renamed["Change-Id"])
        try await client.createGood()
        let refused = try await client.send("POST changes/\(id)/undo")
        #expect(refused.status == 409)
        #expect(
            refused.detail == """
                1 number has lost its phone number to another since change \(id); \
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
        // Compressing proxies add this.
        let suffixed = current.dropLast() + #"-gzip""#
        let done = try await client.send(
            "POST changes", Self.raise, headers: ["If-Match": "W/\(suffixed)"])
        #expect(done.status == 201)
        let raised = try await client.send("GET numbers/1")
        #expect(raised.object["monthyPrice"] as? String == "0.055")
        // Another action on the same numbers needs its own tag.
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
