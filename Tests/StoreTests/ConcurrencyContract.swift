import Inventory
import Storage
import StoreTesting
import Testing

/// Several programs on one database.
@Suite(.stores) struct ConcurrencyContract {
    @Test(arguments: Backend.shared)
    func programsMayStartAtTheSameTime(backend: Backend) async throws {
        let open = try await backend.database()
        let stores = try await race(10) { _ in try await open() }
        for (index, store) in stores.enumerated() {
            #expect(try await store.createUser(UserDraft("user\(index)")).id == Int64(index + 1))
        }
    }

    /// Two stores of one database.
    private func twoStores(_ backend: Backend) async throws -> [any TransferableStore] {
        let open = try await backend.database()
        return [try await open(), try await open()]
    }

    @Test(arguments: Backend.shared)
    func concurrentCreationsCreateOneNumber(backend: Backend) async throws {
        let stores = try await twoStores(backend)
        let content = try NumberContent("+55 84 91234-4321")
        let outcomes = try await race(64) { index in
            do {
                return try await stores[index % 2].createNumber(content).id
            } catch InventoryError.numberExists(let id, _) {
                return -id
            }
        }
        // All other requests get the id of the winner's number.
        let winner = try #require(outcomes.max())
        #expect(outcomes.count { $0 == winner } == 1)
        #expect(outcomes.count { $0 == -winner } == 63)
        #expect(try await stores[0].count() == 1)
        #expect(try await stores[0].history(ofNumber: winner, Paging()).total == 1)
    }

    @Test(arguments: Backend.shared)
    func concurrentUpdatesOfAVersionSucceedOnce(backend: Backend) async throws {
        let stores = try await twoStores(backend)
        for round in 0..<20 {
            let content = try NumberContent("+55 84 9123\(round % 10)-43\(10 + round)")
            let number = try await stores[0].createNumber(content)
            let condition = VersionCondition { $0 == 1 }
            let errors = try await race(2) { index in
                await failure {
                    try await stores[index].updateNumber(number.id, if: condition) {
                        $0.setupPrice = Price(storedTenThousandths: Int64(index))
                    }
                }
            }.sorted()
            #expect(errors[0] == "none")
            #expect(errors[1].hasPrefix("versionConflict(current: "))
            #expect(try await stores[0].number(number.id).version == 2)
        }
    }

    @Test(arguments: Backend.shared)
    func concurrentWritersKeepTheCountsRight(backend: Backend) async throws {
        let stores = try await twoStores(backend)
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
        #expect(try await stores[0].count() == 80)
        #expect(try await stores[1].count(currency: currencies[2]) == 80)
        #expect(try await stores[1].count(currency: currencies[0]) == 0)
    }

    @Test(arguments: Backend.shared)
    func changesOfOneNumberAreRecordedInTheirOrder(backend: Backend) async throws {
        let stores = try await twoStores(backend)
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
        let stores = try await twoStores(backend)
        for round in 0..<10 {
            let created = try await stores[0].createNumber(
                try NumberContent("+55 84 91234-43\(10 + round)"), by: .tester)
            let errors = try await race(2) { index in
                await failure {
                    if index == 0 {
                        try await stores[0].undo(created.change)
                    } else {
                        try await stores[1].updateNumber(created.number.id, if: .always) {
                            $0.setupPrice = .greatest
                        }
                    }
                }
            }
            #expect(errors.count { $0 == "none" } == 1)
            let isRefused = { (error: String) in
                error.hasPrefix("noSuchNumber(") || error.hasPrefix("cannotUndo(")
            }
            #expect(errors.count(where: isRefused) == 1)
        }
    }

    /// How supervisors remove each other.
    enum Deed: CaseIterable { case remove, demote, either }

    @Test(arguments: Backend.shared, Deed.allCases)
    func oneSupervisorRemainsAfterConcurrentRemovals(backend: Backend, deed: Deed) async throws {
        let stores = try await twoStores(backend)
        let names = (0..<8).map { Username(stored: "user\($0)") }
        for _ in 0..<5 {
            // Besides adding users, this opens connections.
            _ = try await race(8) { index in
                do {
                    _ = try await stores[index % 2].createUser(UserDraft("user\(index)"))
                } catch AccountError.userExists {
                    try await stores[index % 2].setRole(.supervisor, of: names[index])
                }
            }
            let errors = try await race(8) { index in
                let (store, other) = (stores[index % 2], names[(index + 1) % 8])
                return await failure {
                    if deed == .remove || (deed == .either && index % 4 < 2) {
                        try await store.removeUser(other)
                    } else {
                        try await store.setRole(.salesperson, of: other)
                    }
                }
            }
            #expect(errors.count { $0 == "none" } == 7)
            #expect(errors.count { $0.contains("last supervisor") } == 1)
            let supervisors = try await stores[0].listUsers().filter { $0.role == .supervisor }
            #expect(supervisors.count == 1)
        }
    }
}
