import Foundation
import Inventory
import StoreTesting
import Testing

/// What several programs on one database must not do to each other.
@Suite struct ConcurrencyContract {
    @Test(arguments: Backend.shared)
    func programsMayStartTogether(backend: Backend) async throws {
        try await backend.withStores { open in
            let stores = try await withThrowingTaskGroup(of: (any TransferableStore).self) {
                group in
                for _ in 0..<10 { group.addTask { try await open() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for store in stores {
                _ = try await store.createUser(UserDraft("user\(UUID().uuidString.lowercased())"))
            }
            #expect(try await stores[0].listUsers().count == 10)
            for store in stores { try await store.close() }
        }
    }

    @Test(arguments: Backend.shared)
    func oneOfManyCreatesANumber(backend: Backend) async throws {
        try await backend.withStores { open in
            let stores = [try await open(), try await open()]
            let outcomes = await withTaskGroup(of: Int64?.self) { group in
                for index in 0..<64 {
                    group.addTask {
                        do {
                            let draft = try NumberDraft("+55 84 91234-4321")
                            return try await stores[index % 2].createNumber(draft).id
                        } catch InventoryError.numberExists(let id, _) {
                            return -id
                        } catch {
                            Issue.record(error)
                            return nil
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let winners = outcomes.compactMap { $0 }.filter { $0 > 0 }
            #expect(winners.count == 1)
            // Everybody else is told who won.
            #expect(outcomes.filter { $0 == winners.first.map { -$0 } }.count == 63)
            #expect(try await stores[0].listNumbers(NumberQuery()).total == 1)
            for store in stores { try await store.close() }
        }
    }

    @Test(arguments: Backend.shared)
    func oneOfTwoChangesAVersion(backend: Backend) async throws {
        try await backend.withStores { open in
            let stores = [try await open(), try await open()]
            for round in 0..<20 {
                let draft = try NumberDraft("+55 84 9123\(round % 10)-43\(10 + round)")
                let number = try await stores[0].createNumber(draft)
                let condition = VersionCondition(allowed: .some([1]))
                let winners = await withTaskGroup(of: Bool.self) { group in
                    for (index, store) in stores.enumerated() {
                        group.addTask {
                            do {
                                let price = try Price("\(index + 1)")
                                _ = try await store.updateNumber(number.id, if: condition) {
                                    $0.setupPrice = price
                                }
                                return true
                            } catch InventoryError.versionConflict(let current) {
                                #expect(current.version == 2)
                                return false
                            } catch {
                                Issue.record(error)
                                return false
                            }
                        }
                    }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
                #expect(winners == 1)
                #expect(try await stores[0].number(number.id).version == 2)
            }
            for store in stores { try await store.close() }
        }
    }

    @Test(arguments: Backend.shared)
    func countsStayRightAmongManyWriters(backend: Backend) async throws {
        try await backend.withStores { open in
            let stores = [try await open(), try await open()]
            let currencies = try ["U$", "R$", "€"].map { try Currency($0) }
            let drafts = Array(DemoNumbers(seed: 7).prefix(120))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, draft) in drafts.enumerated() {
                    group.addTask {
                        let store = stores[index % 2]
                        let number = try await store.createNumber(draft)
                        for currency in currencies {
                            _ = try await store.updateNumber(number.id, if: .always) {
                                $0.currency = currency
                            }
                        }
                        if index % 3 == 0 { try await store.deleteNumber(number.id, if: .always) }
                    }
                }
                try await group.waitForAll()
            }
            let total = try await stores[0].listNumbers(NumberQuery()).total
            #expect(total == 80)
            let euros = NumberQuery(currency: currencies[2])
            #expect(try await stores[1].listNumbers(euros).total == 80)
            let dollars = NumberQuery(currency: currencies[0])
            #expect(try await stores[1].listNumbers(dollars) == NumberPage(numbers: [], total: 0))
            for store in stores { try await store.close() }
        }
    }

    @Test(arguments: Backend.shared)
    func ofTwoSupervisorsOneStays(backend: Backend) async throws {
        try await backend.withStores { open in
            let stores = [try await open(), try await open()]
            let names = ["ana", "bob"].map(Username.init(stored:))
            for name in names { _ = try await stores[0].createUser(UserDraft(name.description)) }
            let removed = await withTaskGroup(of: Bool.self) { group in
                for (store, name) in zip(stores, names) {
                    group.addTask {
                        do {
                            try await store.removeUser(name)
                            return true
                        } catch AccountError.lastSupervisor {
                            return false
                        } catch {
                            Issue.record(error)
                            return false
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(removed == 1)
            #expect(try await stores[0].listUsers().count == 1)
            for store in stores { try await store.close() }
        }
    }
}
