import Credentials
import Inventory
import StoreTesting
import Testing

@Suite(.stores) struct FirstSupervisorTests {
    private let hasher = PasswordHasher(cost: .least)
    private let password = Password(presented: "violet-5-elephants")

    private func hash() async throws -> PasswordHash { try await hasher.hash(password) }

    @Test(arguments: Backend.allCases)
    func hasTheGivenPassword(backend: Backend) async throws {
        let store = try await backend.store()
        let user = try #require(try await store.createFirstSupervisor(hash))
        #expect(user.username == Username(stored: "supervisor"))
        #expect(user.role == .supervisor)
        #expect(try await store.listUsers() == [user])
        let hash = try await store.passwordHash(of: user.username)
        #expect(try await hasher.verify(password, against: hash))
    }

    /// A supervisor who was removed on purpose must not come back at the next start.
    @Test(arguments: [Role.supervisor, .salesperson])
    func isNotCreatedIfThereIsAUser(role: Role) async throws {
        let store = try await Backend.sqliteInMemory.store()
        let ana = try await store.createUser(UserDraft("ana", role: role))
        #expect(try await store.createFirstSupervisor(hash) == nil)
        #expect(try await store.listUsers() == [ana])
    }

    @Test(arguments: Backend.shared)
    func isCreatedOnceIfSeveralProgramsStart(backend: Backend) async throws {
        let open = try await backend.database()
        let stores = [try await open(), try await open()]
        let created = try await withThrowingTaskGroup(of: User?.self) { group in
            for store in stores {
                group.addTask { try await store.createFirstSupervisor(hash) }
            }
            return try await group.compactMap { $0 }.reduce(into: []) { $0.append($1) }
        }
        #expect(created.count == 1)
        #expect(try await stores[0].listUsers() == created)
    }

    @Test func generatedPasswordsAreLongAndRandom() throws {
        let texts = (0..<100).map { _ in Password.randomText() }
        #expect(Set(texts).count == 100)
        for text in texts {
            #expect(text.wholeMatch(of: /([a-z2-9]{5}-){3}[a-z2-9]{5}/) != nil)
            #expect(throws: Never.self) { try Password(chosen: text) }
        }
    }
}
