import Foundation
import Inventory
import Storage
import StoreTesting
import Testing

@Suite(.stores) struct AccountStoreContract {
    private let ana = Username(stored: "ana")
    private let bob = Username(stored: "bob")
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func draft(
        of username: Username, hash: String = "a hash", token: UInt8 = 1, seconds: Double = 60
    ) -> SessionDraft {
        SessionDraft(
            username: username, passwordHash: PasswordHash(stored: hash),
            digest: TokenDigest(repeating: token), expiresAt: now + seconds)
    }

    /// A store with supervisors of these names.
    private func store(
        _ backend: Backend, _ names: String...
    ) async throws -> any TransferableStore {
        let store = try await backend.store()
        for name in names { _ = try await store.createUser(UserDraft(name)) }
        return store
    }

    /// A store with the supervisors ana and bob. Ana has the tokens 1 and 2, bob has the token 3.
    private func storeWithSessions(_ backend: Backend) async throws -> any TransferableStore {
        let store = try await store(backend, "ana", "bob")
        for (username, token) in [(ana, 1), (ana, 2), (bob, 3)] as [(Username, UInt8)] {
            _ = try await store.createSession(draft(of: username, token: token), now: now)
        }
        return store
    }

    /// Which of the tokens 1 to 9 are valid.
    private func validTokens(_ store: any AccountStore, at now: Date? = nil) async throws -> [UInt8]
    {
        var tokens: [UInt8] = []
        for token in 1...9 as ClosedRange<UInt8> {
            let digest = TokenDigest(repeating: token)
            if try await store.session(digest, now: now ?? self.now) != nil { tokens.append(token) }
        }
        return tokens
    }

    @Test(arguments: Backend.allCases)
    func usersAreSortedAndHaveUniqueNames(backend: Backend) async throws {
        let store = try await backend.store()
        #expect(try await store.listUsers().isEmpty)
        let bob = try await store.createUser(UserDraft("bob", role: .salesperson))
        let ana = try await store.createUser(UserDraft("ana", passwordHash: "ana's hash"))
        #expect(bob == User(id: 1, username: self.bob, role: .salesperson))
        #expect(ana == User(id: 2, username: self.ana, role: .supervisor))
        await #expect(throws: AccountError.userExists(id: 2, self.ana)) {
            try await store.createUser(UserDraft("ana", role: .salesperson))
        }
        #expect(try await store.listUsers() == [ana, bob])
        #expect(try await store.passwordHash(of: self.ana)?.stored == "ana's hash")
        #expect(try await store.passwordHash(of: Username(stored: "eve")) == nil)
        // A rejected user uses up no id.
        #expect(try await store.createUser(UserDraft("eve", role: .salesperson)).id == 3)
    }

    @Test(arguments: Backend.allCases, Role.allCases)
    func everyRoleIsStored(backend: Backend, role: Role) async throws {
        let store = try await storeWithSessions(backend)
        let created = try await store.createUser(UserDraft("eve", role: role))
        #expect(created.role == role)
        try await store.setRole(role, of: bob)
        // The session has the new role at once.
        #expect(try await store.session(TokenDigest(repeating: 3), now: now)?.user.role == role)
        #expect(try await store.listUsers().map(\.role) == [.supervisor, role, role])
    }

    @Test(arguments: Backend.allCases)
    func createsOneFirstUser(backend: Backend) async throws {
        let store = try await backend.store()
        let created = try await race(16) { index in
            try await store.createFirstUser(UserDraft("user\(index)"))
        }.compactMap { $0 }
        #expect(created.count == 1)
        #expect(try await store.listUsers() == created)
    }

    @Test(arguments: Backend.allCases)
    func sessionIsValidUntilItExpiresOrEnds(backend: Backend) async throws {
        let store = try await store(backend, "ana")
        // The expiry is rounded down to a second.
        let session = try await store.createSession(draft(of: ana, seconds: 60.9), now: now)
        let user = User(id: 1, username: ana, role: .supervisor)
        #expect(session == Session(user: user, expiresAt: now + 60))
        #expect(try await store.session(TokenDigest(repeating: 1), now: now) == session)
        #expect(try await validTokens(store, at: now + 59.9) == [1])
        #expect(try await validTokens(store, at: now + 60) == [])
        // The next sign-in deletes the expired session.
        let later = draft(of: ana, token: 2, seconds: 1000)
        _ = try await store.createSession(later, now: now + 60)
        #expect(try await validTokens(store) == [2])
        for _ in 1...2 {
            try await store.endSession(TokenDigest(repeating: 2))
            #expect(try await validTokens(store) == [])
        }
    }

    @Test(arguments: Backend.allCases)
    func changedPasswordStartsNoSession(backend: Backend) async throws {
        let store = try await backend.store()
        _ = try await store.createUser(UserDraft("ana", passwordHash: "new"))
        #expect(try await store.createSession(draft(of: ana, hash: "old"), now: now) == nil)
        #expect(try await store.createSession(draft(of: bob), now: now) == nil)
        #expect(try await validTokens(store) == [])
    }

    @Test(arguments: Backend.allCases)
    func newPasswordEndsTheSessionsOfItsUser(backend: Backend) async throws {
        let store = try await storeWithSessions(backend)
        try await store.setPassword(PasswordHash(stored: "new"), of: ana)
        #expect(try await store.passwordHash(of: ana)?.stored == "new")
        #expect(try await store.passwordHash(of: bob)?.stored == "a hash")
        #expect(try await validTokens(store) == [3])
    }

    @Test(arguments: Backend.allCases)
    func removedUserHasNoSession(backend: Backend) async throws {
        let store = try await storeWithSessions(backend)
        try await store.removeUser(bob)
        #expect(try await validTokens(store) == [1, 2])
        #expect(try await store.listUsers().map(\.username) == [ana])
        // A later user of the same name gets a new id.
        #expect(try await store.createUser(UserDraft("bob")).id == 3)
        #expect(try await validTokens(store) == [1, 2])
    }

    @Test(arguments: Backend.allCases)
    func keepsTheLastSupervisor(backend: Backend) async throws {
        let store = try await store(backend, "ana")
        _ = try await store.createUser(UserDraft("bob", role: .salesperson))
        await #expect(throws: AccountError.lastSupervisor(ana)) { try await store.removeUser(ana) }
        await #expect(throws: AccountError.lastSupervisor(ana)) {
            try await store.setRole(.salesperson, of: ana)
        }
        #expect(try await store.listUsers().map(\.role) == [.supervisor, .salesperson])
        try await store.setRole(.supervisor, of: ana)
        try await store.setRole(.supervisor, of: bob)
        try await store.setRole(.salesperson, of: ana)
        try await store.removeUser(ana)
        await #expect(throws: AccountError.lastSupervisor(bob)) { try await store.removeUser(bob) }
    }

    @Test(arguments: Backend.allCases)
    func unknownUserIsReported(backend: Backend) async throws {
        let store = try await backend.store()
        let (now, hash) = (now, PasswordHash(stored: "x"))
        for (key, operation) in [
            (.username(ana), { try await store.removeUser(ana) }),
            (.username(ana), { try await store.setRole(.supervisor, of: ana) }),
            (.username(ana), { try await store.setPassword(hash, of: ana) }),
            (.id(7), { _ = try await store.account(7, now: now) }),
            (.id(7), { _ = try await store.removeUser(.id(7)) }),
            (
                .id(7),
                { _ = try await store.updateUser(.id(7), role: nil, passwordHash: nil, now: now) }
            ),
            (.id(7), { _ = try await store.listSessions(ofUser: 7, Paging(), now: now) }),
            (.id(7), { _ = try await store.endSessions(ofUser: 7) }),
        ] as [(UserKey, () async throws -> Void)] {
            await #expect(throws: AccountError.noSuchUser(key)) { try await operation() }
        }
        let isChanged = try await store.changePassword(
            ofUser: 7, from: hash, to: hash, keeping: nil)
        #expect(!isChanged)
    }

    @Test(arguments: Backend.allCases)
    func pagesAccountsWithTheirSessions(backend: Backend) async throws {
        let store = try await store(backend, "eve", "ana", "dan", "bob", "cid")
        _ = try await store.createSession(draft(of: ana, token: 1), now: now)
        _ = try await store.createSession(draft(of: ana, token: 2, seconds: 90), now: now)
        _ = try await store.createSession(draft(of: bob, token: 3), now: now)
        func names(_ page: Int, at now: Date) async throws -> [String] {
            let accounts = try await store.listAccounts(Paging(page: page, perPage: 2), now: now)
            #expect(accounts.total == 5)
            return accounts.elements.map { "\($0.user.username) \($0.sessions)" }
        }
        #expect(try await names(1, at: now) == ["ana 2", "bob 1"])
        #expect(try await names(2, at: now) == ["cid 0", "dan 0"])
        #expect(try await names(3, at: now) == ["eve 0"])
        #expect(try await names(4, at: now) == [])
        let later = now + 60
        #expect(try await names(1, at: later) == ["ana 1", "bob 0"])
        #expect(try await store.account(2, now: later).sessions == 1)
        #expect(try await store.account(2, now: now).user.username == ana)
    }

    @Test(arguments: Backend.allCases)
    func listsAndEndsTheSessionsOfOne(backend: Backend) async throws {
        let store = try await store(backend, "ana", "bob")
        for token in 1...5 as ClosedRange<UInt8> {
            let session = draft(of: ana, token: token, seconds: Double(token) * 10)
            _ = try await store.createSession(session, now: now)
        }
        _ = try await store.createSession(draft(of: bob, token: 9), now: now)
        func seconds(_ page: Int, at now: Date) async throws -> [Double] {
            let sessions = try await store.listSessions(
                ofUser: 1, Paging(page: page, perPage: 2), now: now)
            return sessions.elements.map { session in
                #expect(session.createdAt == self.now)
                return session.expiresAt.timeIntervalSince(self.now)
            }
        }
        #expect(try await seconds(1, at: now) == [50, 40])
        #expect(try await seconds(3, at: now) == [10])
        #expect(try await seconds(2, at: now + 20) == [30])
        #expect(try await store.countSessions(now: now) == 6)
        #expect(try await store.countSessions(now: now + 20) == 4)
        #expect(try await store.endSessions(ofUser: 1).username == ana)
        #expect(try await seconds(1, at: now) == [])
        #expect(try await validTokens(store) == [9])
    }

    @Test(arguments: Backend.allCases)
    func roleAndPasswordAreSetTogetherOrNotAtAll(backend: Backend) async throws {
        let store = try await store(backend, "ana")
        _ = try await store.createSession(draft(of: ana), now: now)
        let hash = PasswordHash(stored: "new")
        await #expect(throws: AccountError.lastSupervisor(ana)) {
            try await store.updateUser(.id(1), role: .salesperson, passwordHash: hash, now: now)
        }
        #expect(try await store.passwordHash(of: ana)?.stored == "a hash")
        #expect(try await store.account(1, now: now).sessions == 1)
        _ = try await store.createUser(UserDraft("bob"))
        let changed = try await store.updateUser(
            .id(1), role: .salesperson, passwordHash: hash, now: now)
        // The result is the changed account, whose session the new password has ended.
        let user = User(id: 1, username: ana, role: .salesperson)
        #expect(changed == Account(user: user, sessions: 0))
        #expect(try await store.passwordHash(of: ana) == hash)
        #expect(try await store.account(1, now: now).sessions == 0)
        #expect(
            try await store.updateUser(.id(1), role: nil, passwordHash: nil, now: now) == changed)
    }

    @Test(arguments: Backend.allCases)
    func ownNewPasswordEndsTheOtherSessions(backend: Backend) async throws {
        let store = try await storeWithSessions(backend)
        let (old, new) = (PasswordHash(stored: "a hash"), PasswordHash(stored: "new"))
        let own = TokenDigest(repeating: 1)
        #expect(try await store.changePassword(ofUser: 1, from: old, to: new, keeping: own))
        #expect(try await validTokens(store) == [1, 3])
        #expect(try await store.passwordHash(of: ana) == new)
        // The old password is no longer valid.
        let isChanged = try await store.changePassword(ofUser: 1, from: old, to: old, keeping: nil)
        #expect(!isChanged)
        #expect(try await validTokens(store) == [1, 3])
        #expect(try await store.changePassword(ofUser: 1, from: new, to: old, keeping: nil))
        #expect(try await validTokens(store) == [3])
    }
}
