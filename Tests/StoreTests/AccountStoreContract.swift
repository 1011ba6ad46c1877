import Foundation
import Inventory
import StoreTesting
import Testing

/// What every store must do with users and sessions.
@Suite struct AccountStoreContract {
    private let ana = Username(stored: "ana")
    private let bob = Username(stored: "bob")
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func draft(
        of username: Username, hash: String = "a hash", token: UInt8 = 1, seconds: Double = 60
    ) -> SessionDraft {
        SessionDraft(
            username: username, passwordHash: PasswordHash(stored: hash),
            digest: TokenDigest(repeating: token), expiresAt: now.addingTimeInterval(seconds))
    }

    @Test(arguments: Backend.allCases)
    func createsAndLists(backend: Backend) async throws {
        try await backend.withStore { store in
            #expect(try await store.listUsers().isEmpty)
            let bob = try await store.createUser(UserDraft("bob", role: .salesperson))
            let ana = try await store.createUser(UserDraft("ana", passwordHash: "ana's hash"))
            #expect(bob == User(id: 1, username: self.bob, role: .salesperson))
            #expect(ana == User(id: 2, username: self.ana, role: .supervisor))
            #expect(try await store.listUsers() == [ana, bob])
            #expect(try await store.passwordHash(of: self.ana)?.stored == "ana's hash")
            #expect(try await store.passwordHash(of: Username(stored: "eve")) == nil)
        }
    }

    @Test(arguments: Backend.allCases, Role.allCases)
    func keepsEveryRole(backend: Backend, role: Role) async throws {
        try await backend.withStore { store in
            _ = try await store.createUser(UserDraft("bob"))
            let created = try await store.createUser(UserDraft("ana", role: role))
            #expect(created.role == role)
            _ = try await store.createSession(draft(of: ana), now: now)
            let digest = TokenDigest(repeating: 1)
            #expect(try await store.session(digest, now: now)?.user == created)
            try await store.setRole(.supervisor, of: ana)
            try await store.setRole(role, of: ana)
            #expect(try await store.listUsers().map(\.role) == [role, .supervisor])
        }
    }

    @Test(arguments: Backend.allCases)
    func anExpiryIsAWholeSecond(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.createUser(UserDraft("ana"))
            let session = try await store.createSession(draft(of: ana, seconds: 60.9), now: now)
            #expect(session?.expiresAt == now.addingTimeInterval(60))
            let digest = TokenDigest(repeating: 1)
            let late = now.addingTimeInterval(59.9)
            #expect(try await store.session(digest, now: late) == session)
            #expect(try await store.session(digest, now: now.addingTimeInterval(60)) == nil)
        }
    }

    @Test(arguments: Backend.allCases)
    func refusesTheSameNameTwice(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.createUser(UserDraft("ana"))
            await #expect(throws: AccountError.userExists(id: 1, ana)) {
                try await store.createUser(UserDraft("ana", role: .salesperson))
            }
            #expect(try await store.listUsers().map(\.role) == [.supervisor])
        }
    }

    @Test(arguments: Backend.allCases)
    func createsOneFirstUser(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await race(16) { index in
                try await store.createFirstUser(UserDraft("user\(index)"))
            }.compactMap { $0 }
            #expect(created.count == 1)
            #expect(try await store.listUsers() == created)
        }
    }

    @Test(arguments: Backend.allCases)
    func startsAndEndsASession(backend: Backend) async throws {
        try await backend.withStore { store in
            let user = try await store.createUser(UserDraft("ana"))
            let session = Session(user: user, expiresAt: now.addingTimeInterval(60))
            #expect(try await store.createSession(draft(of: ana), now: now) == session)
            let digest = TokenDigest(repeating: 1)
            #expect(try await store.session(digest, now: now) == session)
            #expect(try await store.session(TokenDigest(repeating: 2), now: now) == nil)
            try await store.endSession(digest)
            #expect(try await store.session(digest, now: now) == nil)
            // There is none any more, which is as well.
            try await store.endSession(digest)
        }
    }

    @Test(arguments: Backend.allCases)
    func aSessionExpires(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.createUser(UserDraft("ana"))
            _ = try await store.createSession(draft(of: ana), now: now)
            let digest = TokenDigest(repeating: 1)
            #expect(try await store.session(digest, now: now.addingTimeInterval(59)) != nil)
            #expect(try await store.session(digest, now: now.addingTimeInterval(60)) == nil)
            // The next sign-in sweeps it away: it is not there at any time.
            let later = draft(of: ana, token: 2, seconds: 1000)
            _ = try await store.createSession(later, now: now.addingTimeInterval(60))
            #expect(try await store.session(digest, now: now) == nil)
            #expect(try await store.session(TokenDigest(repeating: 2), now: now) != nil)
        }
    }

    @Test(arguments: Backend.allCases)
    func startsNoSessionOnAPasswordThatChangedMeanwhile(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.createUser(UserDraft("ana", passwordHash: "new"))
            #expect(try await store.createSession(draft(of: ana, hash: "old"), now: now) == nil)
            #expect(try await store.createSession(draft(of: bob), now: now) == nil)
            #expect(try await store.session(TokenDigest(repeating: 1), now: now) == nil)
        }
    }

    @Test(arguments: Backend.allCases)
    func anotherPasswordEndsTheUsersSessions(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.createUser(UserDraft("ana"))
            _ = try await store.createUser(UserDraft("bob"))
            _ = try await store.createSession(draft(of: ana, token: 1), now: now)
            _ = try await store.createSession(draft(of: ana, token: 2), now: now)
            _ = try await store.createSession(draft(of: bob, token: 3), now: now)
            try await store.setPassword(PasswordHash(stored: "new"), of: ana)
            #expect(try await store.passwordHash(of: ana)?.stored == "new")
            #expect(try await store.passwordHash(of: bob)?.stored == "a hash")
            #expect(try await store.session(TokenDigest(repeating: 1), now: now) == nil)
            #expect(try await store.session(TokenDigest(repeating: 2), now: now) == nil)
            #expect(try await store.session(TokenDigest(repeating: 3), now: now) != nil)
        }
    }

    @Test(arguments: Backend.allCases)
    func anotherRoleIsTheSessionsAtOnce(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.createUser(UserDraft("ana"))
            _ = try await store.createUser(UserDraft("bob", role: .salesperson))
            _ = try await store.createSession(draft(of: bob), now: now)
            let digest = TokenDigest(repeating: 1)
            try await store.setRole(.supervisor, of: bob)
            #expect(try await store.session(digest, now: now)?.user.role == .supervisor)
            try await store.setRole(.salesperson, of: bob)
            #expect(try await store.session(digest, now: now)?.user.role == .salesperson)
        }
    }

    @Test(arguments: Backend.allCases)
    func aRemovedUserHasNoSession(backend: Backend) async throws {
        try await backend.withStore { store in
            let first = try await store.createUser(UserDraft("ana"))
            let second = try await store.createUser(UserDraft("bob", role: .salesperson))
            _ = try await store.createSession(draft(of: bob), now: now)
            try await store.removeUser(bob)
            #expect(try await store.session(TokenDigest(repeating: 1), now: now) == nil)
            #expect(try await store.listUsers() == [first])
            // Who comes later under the same name is somebody else.
            let later = try await store.createUser(UserDraft("bob"))
            #expect(later.id > second.id)
            #expect(try await store.session(TokenDigest(repeating: 1), now: now) == nil)
        }
    }

    @Test(arguments: Backend.allCases)
    func keepsTheLastSupervisor(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.createUser(UserDraft("ana"))
            _ = try await store.createUser(UserDraft("bob", role: .salesperson))
            await #expect(throws: AccountError.lastSupervisor(ana)) {
                try await store.removeUser(ana)
            }
            await #expect(throws: AccountError.lastSupervisor(ana)) {
                try await store.setRole(.salesperson, of: ana)
            }
            #expect(try await store.listUsers().map(\.role) == [.supervisor, .salesperson])
            try await store.setRole(.supervisor, of: ana)
            try await store.setRole(.supervisor, of: bob)
            try await store.setRole(.salesperson, of: ana)
            try await store.removeUser(ana)
            await #expect(throws: AccountError.lastSupervisor(bob)) {
                try await store.removeUser(bob)
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func saysThatThereIsNoSuchUser(backend: Backend) async throws {
        try await backend.withStore { store in
            let eve = Username(stored: "eve")
            await #expect(throws: AccountError.noSuchUser(.username(eve))) {
                try await store.removeUser(eve)
            }
            await #expect(throws: AccountError.noSuchUser(.username(eve))) {
                try await store.setRole(.supervisor, of: eve)
            }
            await #expect(throws: AccountError.noSuchUser(.username(eve))) {
                try await store.setPassword(PasswordHash(stored: "x"), of: eve)
            }
            let nobody = AccountError.noSuchUser(.id(7))
            await #expect(throws: nobody) { try await store.account(7, now: now) }
            await #expect(throws: nobody) { try await store.removeUser(.id(7)) }
            await #expect(throws: nobody) {
                try await store.updateUser(.id(7), role: nil, passwordHash: nil, now: now)
            }
            await #expect(throws: nobody) {
                try await store.listSessions(ofUser: 7, Paging(), now: now)
            }
            await #expect(throws: nobody) { try await store.endSessions(ofUser: 7) }
            let old = PasswordHash(stored: "x")
            let isChanged = try await store.changePassword(
                ofUser: 7, from: old, to: old, keeping: nil)
            #expect(!isChanged)
        }
    }

    @Test(arguments: Backend.allCases)
    func pagesAccountsWithTheirSessions(backend: Backend) async throws {
        try await backend.withStore { store in
            for name in ["eve", "ana", "dan", "bob", "cid"] {
                _ = try await store.createUser(UserDraft(name))
            }
            _ = try await store.createSession(draft(of: ana, token: 1), now: now)
            _ = try await store.createSession(draft(of: ana, token: 2, seconds: 90), now: now)
            _ = try await store.createSession(draft(of: bob, token: 3), now: now)
            func names(_ page: Int, at now: Date) async throws -> [String] {
                let accounts = try await store.listAccounts(
                    Paging(page: page, perPage: 2), now: now)
                #expect(accounts.total == 5)
                return accounts.elements.map { "\($0.user.username) \($0.sessions)" }
            }
            #expect(try await names(1, at: now) == ["ana 2", "bob 1"])
            #expect(try await names(2, at: now) == ["cid 0", "dan 0"])
            #expect(try await names(3, at: now) == ["eve 0"])
            #expect(try await names(4, at: now) == [])
            let later = now.addingTimeInterval(60)
            #expect(try await names(1, at: later) == ["ana 1", "bob 0"])
            #expect(try await store.account(2, now: later).sessions == 1)
            #expect(try await store.account(2, now: now).user.username == ana)
        }
    }

    @Test(arguments: Backend.allCases)
    func listsAndEndsTheSessionsOfOne(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.createUser(UserDraft("ana"))
            _ = try await store.createUser(UserDraft("bob"))
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
            #expect(try await seconds(2, at: now.addingTimeInterval(20)) == [30])
            #expect(try await store.countSessions(now: now) == 6)
            #expect(try await store.countSessions(now: now.addingTimeInterval(20)) == 4)
            #expect(try await store.endSessions(ofUser: 1).username == ana)
            #expect(try await seconds(1, at: now) == [])
            #expect(try await store.session(TokenDigest(repeating: 1), now: now) == nil)
            #expect(try await store.session(TokenDigest(repeating: 9), now: now) != nil)
        }
    }

    @Test(arguments: Backend.allCases)
    func aRoleAndAPasswordAreSetTogetherOrNot(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.createUser(UserDraft("ana"))
            _ = try await store.createSession(draft(of: ana), now: now)
            let hash = PasswordHash(stored: "new")
            await #expect(throws: AccountError.lastSupervisor(ana)) {
                try await store.updateUser(
                    .id(1), role: .salesperson, passwordHash: hash, now: now)
            }
            #expect(try await store.passwordHash(of: ana)?.stored == "a hash")
            #expect(try await store.account(1, now: now).sessions == 1)
            _ = try await store.createUser(UserDraft("bob"))
            let changed = try await store.updateUser(
                .id(1), role: .salesperson, passwordHash: hash, now: now)
            // It is what the write left, with the sessions that the new password ended.
            let user = User(id: 1, username: ana, role: .salesperson)
            #expect(changed == Account(user: user, sessions: 0))
            #expect(try await store.passwordHash(of: ana) == hash)
            #expect(try await store.account(1, now: now).sessions == 0)
            #expect(
                try await store.updateUser(.id(1), role: nil, passwordHash: nil, now: now)
                    == changed)
        }
    }

    @Test(arguments: Backend.allCases)
    func anOwnNewPasswordEndsTheOtherSessions(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.createUser(UserDraft("ana"))
            _ = try await store.createUser(UserDraft("bob"))
            _ = try await store.createSession(draft(of: ana, token: 1), now: now)
            _ = try await store.createSession(draft(of: ana, token: 2), now: now)
            _ = try await store.createSession(draft(of: bob, token: 3), now: now)
            let own = TokenDigest(repeating: 1)
            let (old, new) = (PasswordHash(stored: "a hash"), PasswordHash(stored: "new"))
            #expect(try await store.changePassword(ofUser: 1, from: old, to: new, keeping: own))
            #expect(try await store.session(own, now: now) != nil)
            #expect(try await store.session(TokenDigest(repeating: 2), now: now) == nil)
            #expect(try await store.session(TokenDigest(repeating: 3), now: now) != nil)
            #expect(try await store.passwordHash(of: ana) == new)
            // The old one is checked no more.
            let isChanged = try await store.changePassword(
                ofUser: 1, from: old, to: old, keeping: nil)
            #expect(!isChanged)
            #expect(try await store.session(own, now: now) != nil)
            #expect(try await store.changePassword(ofUser: 1, from: new, to: old, keeping: nil))
            #expect(try await store.session(own, now: now) == nil)
        }
    }
}
