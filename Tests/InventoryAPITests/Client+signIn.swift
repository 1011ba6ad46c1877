import Foundation
import Testing

extension Client {
    func signIn(_ username: String, password: String) async throws -> Answer {
        let credentials = ["username": username, "password": password]
        let body = String(
            decoding: try JSONSerialization.data(withJSONObject: credentials), as: UTF8.self)
        return try await send("POST", "/api/v1/sessions", body: body, as: .guest)
    }

    /// Signs one of the two users in, and returns the token.
    func signIn(_ username: String) async throws -> String {
        let answer = try await signIn(username, password: Self.password)
        return try #require(answer.object["token"] as? String, "\(answer.text)")
    }
}
