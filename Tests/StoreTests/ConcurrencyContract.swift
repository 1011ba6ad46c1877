import Foundation
import Inventory
import StoreTesting
import Testing

/// Several programs on one database.
@Suite(.stores) struct ConcurrencyContract {
    @Test(arguments: Backend.shared)
    func programsMayStartAtTheSameTime(backend: Backend) async throws {
        let open = try await backend.database()
        let stores = try await race(10) { _ in try await open() }
        for store in stores {
            _ = try await store.createUser(UserDraft("user\(UUID().uuidString.lowercased())"))
        }
        #expect(try await stores[0].listUsers().count == 10)
    }

    @Test(arguments: Backend.shared)
    func concurrentCreationsCreateOneNumber(backend: Backend) async throws {
        let open = try await backend.database()
        let stores = [try await open(), try await open()]
        let outcomes = try await race(64) { index in
            do {
                let content = try NumberContent("+55 84 91234-4321")
                return try await stores[index % 2].createNumber(content).id
            } catch InventoryError.numberExists(let id, _) {
                return -id
            }
        }
        let winners = outcomes.filter { $0 > 0 }
        #expect(winners.count == 1)
        // All others get the winner's id.
        #expect(outcomes.filter { $0 == winners.first.map { -$0 } }.count == 63)
        #expect(try await stores[0].count() == 1)
        #expect(try await stores[0].history(ofNumber: winners[0], Paging()).total == 1)
    }

    @Test(arguments: Backend.shared)
    func concurrentUpdatesOfAVersionSucceedOnce(backend: Backend) async throws {
        let open = try await backend.database()
        let stores = [try await open(), try await open()]
        for round in 0..<20 {
            let content = try NumberContent("+55 84 9123\(round % 10)-43\(10 + round)")
            let number = try await stores[0].createNumber(content)
            let condition = VersionCondition { $0 == 1 }
            let outcomes = try await race(2) { index in
                do {
                    let price = try Price("\(index + 1)")
                    _ = try await stores[index].updateNumber(number.id, if: condition) {
                        $0.setupPrice = price
                    }
                    return true
                } catch InventoryError.versionConflict(let current) {
                    #expect(current.version == 2)
                    return false
                }
            }
            #expect(outcomes.count { $0 } == 1)
            #expect(try await stores[0].number(number.id).version == 2)
        }
    }

    @Test(arguments: Backend.shared)
    func concurrentWritersKeepTheCountsRight(backend: Backend) async throws {
        let open = try await backend.database()
        let stores = [try await open(), try await open()]
        let currencies = try ["U$", "R$", "€"].map { try Currency($0) }
        let contents = Array(DemoNumbers(seed: 7).prefix(120))
        _ = try await race(contents.count) { index in
            let store = stores[index % 2]
            let number = try await store.createNumber(contents[index])
            for currency in currencies {
                _ = try await store.updateNumber(number.id, if: .always) { $0.currency = currency }
            }
            if index % 3 == 0 { try await store.deleteNumber(number.id, if: .always) }
        }
        let total = try await stores[0].count()
        #expect(total == 80)
        let euros = NumberQuery(filter: NumberFilter(currency: currencies[2]))
        #expect(try await stores[1].listNumbers(euros).total == 80)
        let dollars = NumberQuery(filter: NumberFilter(currency: currencies[0]))
        #expect(try await stores[1].listNumbers(dollars) == Page<DIDNumber>(elements: [], total: 0))
    }

    @Test(arguments: Backend.shared)
    func changesOfOneNumberAreRecordedInTheirOrder(backend: Backend) async throws {
        let open = try await backend.database()
        let stores = [try await open(), try await open()]
        try await stores[0].create("4321")
        _ = try await race(40) { index in
            try await stores[index % 2].updateNumber(1, if: .always) {
                $0.setupPrice = Price(storedTenThousandths: Int64(index))
            }
        }
        let history = try await stores[0].history(ofNumber: 1, Paging(perPage: 100))
        let entries = history.elements.map(\.number)
        #expect(entries.map(\.version) == (1...41).reversed())
        for (later, earlier) in zip(entries, entries.dropFirst()) {
            #expect(later.before == earlier.after)
        }
        #expect(try await stores[1].number(1).content == entries.first?.after)
    }

    @Test(arguments: Backend.shared)
    func concurrentUndoAndUpdateSucceedOnce(backend: Backend) async throws {
        let open = try await backend.database()
        let stores = [try await open(), try await open()]
        for round in 0..<10 {
            let created = try await stores[0].createNumber(
                try NumberContent("+55 84 91234-43\(10 + round)"), by: .tester)
            let isTaken = try await race(2) { index in
                do {
                    if index == 0 {
                        try await stores[0].undo(created.change)
                    } else {
                        try await stores[1].updateNumber(created.number.id, if: .always) {
                            $0.setupPrice = Price(storedTenThousandths: 1)
                        }
                    }
                    return true
                } catch InventoryError.noSuchNumber {
                    return false
                } catch InventoryError.cannotUndo { return false }
            }
            // The second one was refused.
            #expect(isTaken.count { $0 } == 1)
        }
    }

    /// How supervisors remove each other.
    enum Deed: CaseIterable { case remove, demote, either }

    @Test(arguments: Backend.shared, Deed.allCases)
    func oneSupervisorRemainsAfterConcurrentRemovals(backend: Backend, deed: Deed) async throws {
        for _ in 0..<5 { try await raceSupervisors(backend, deed) }
    }

    private func raceSupervisors(_ backend: Backend, _ deed: Deed) async throws {
        let open = try await backend.database()
        let stores = [try await open(), try await open()]
        let names = (0..<8).map { Username(stored: "user\($0)") }
        for name in names { _ = try await stores[0].createUser(UserDraft(name.description)) }
        // Opens connections first.
        _ = try await race(8) { try await stores[$0 % 2].listUsers() }
        let done = try await race(8) { index in
            let (store, other) = (stores[index % 2], names[(index + 1) % 8])
            do {
                if deed == .remove || (deed == .either && index % 4 < 2) {
                    try await store.removeUser(other)
                } else {
                    try await store.setRole(.salesperson, of: other)
                }
                return true
            } catch AccountError.lastSupervisor {
                return false
            }
        }
        #expect(done.count { $0 } == 7)
        let supervisors = try await stores[0].listUsers().filter { $0.role == .supervisor }
        #expect(supervisors.count == 1)
    }
}
