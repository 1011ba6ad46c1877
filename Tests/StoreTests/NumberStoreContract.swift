import Inventory
import StoreTesting
import Testing

/// Numbers in every store.
@Suite(.stores) struct NumberStoreContract {
    @Test(arguments: Backend.allCases)
    func createdNumberIsRead(backend: Backend) async throws {
        let store = try await backend.store()
        let created = try await store.create("4321").number
        #expect(created.id == 1)
        #expect(created.version == 1)
        #expect(created.content.value.formatted == "+55 84 91234-4321")
        #expect(try await store.number(1) == created)
    }

    @Test(arguments: Backend.allCases)
    func idOfADeletedNumberIsNotReused(backend: Backend) async throws {
        let store = try await backend.store()
        for _ in 1...2 {
            try await store.deleteNumber(try await store.create("4321").number.id, if: .always)
        }
        #expect(try await store.create("4321").number.id == 3)
    }

    @Test(arguments: Backend.allCases)
    func phoneNumberOfAnotherNumberIsRefused(backend: Backend) async throws {
        let store = try await backend.store()
        let first = try await store.create("4321").number
        let second = try await store.create("4322").number
        for write in [
            { _ = try await store.createNumber(try NumberContent("+55 (84) 9.1234.4321")) },
            { try await store.updateNumber(2, if: .always) { $0.value = first.content.value } },
        ] as [() async throws -> Void] {
            let error = try await #require(throws: InventoryError.self) { try await write() }
            guard case .numberExists(first.id, first.content.value) = error else { throw error }
        }
        #expect(try await store.listNumbers(NumberQuery()).elements == [first, second])
    }

    @Test(arguments: Backend.allCases)
    func versionCountsChanges(backend: Backend) async throws {
        let store = try await backend.store()
        let created = try await store.create("4321").number
        let price = try Price("0.05")
        for _ in 1...2 {
            // The second time, nothing changes.
            let changed = try await store.updateNumber(1, if: .always) { $0.monthyPrice = price }
            #expect(changed.version == 2)
            #expect(changed.content.monthyPrice == price)
            #expect(changed.content.setupPrice == created.content.setupPrice)
            #expect(try await store.number(1) == changed)
        }
    }

    /// A newer libphonenumber may format the same number differently.
    @Test(arguments: Backend.allCases)
    func otherTextOfTheSameNumberIsStored(backend: Backend) async throws {
        let store = try await backend.store()
        let digits = try await store.create("4321").number.content.value.digits
        let changed = try await store.updateNumber(1, if: .always) {
            $0.value = PhoneNumber(storedDigits: digits, formatted: "+55 84 9 1234 4321")
        }
        #expect(changed.version == 2)
        #expect(try await store.number(1) == changed)
    }

    @Test(arguments: Backend.allCases)
    func failedChangeIsRolledBack(backend: Backend) async throws {
        let store = try await backend.store()
        let created = try await store.create("4321").number
        await #expect(throws: InvalidValue("no")) {
            try await store.updateNumber(1, if: .always) {
                $0.monthyPrice = .greatest
                throw InvalidValue("no")
            }
        }
        #expect(try await store.number(1) == created)
    }

    @Test(arguments: Backend.allCases)
    func versionConditionIsCheckedBeforeTheWrite(backend: Backend) async throws {
        let store = try await backend.store()
        let created = try await store.create("4321").number
        let stale = VersionCondition { $0 == 7 }
        for write in [
            { try await store.updateNumber(1, if: stale) { $0.setupPrice = .greatest } },
            { try await store.deleteNumber(1, if: stale) },
            { try await store.deleteNumber(1, if: VersionCondition { $0 != 1 }) },
            { try await store.deleteNumber(1, if: VersionCondition { _ in false }) },
        ] as [() async throws -> Void] {
            let error = try await #require(throws: InventoryError.self) { try await write() }
            guard case .versionConflict(created) = error else { throw error }
        }
        try await store.deleteNumber(1, if: VersionCondition { $0 == 1 || $0 == 7 })
    }

    @Test(arguments: Backend.allCases)
    func unknownNumberIsReported(backend: Backend) async throws {
        let store = try await backend.store()
        for (id, access) in [
            (42, { _ = try await store.number(42) }), (.max, { _ = try await store.number(.max) }),
            (42, { try await store.updateNumber(42, if: .always) { _ in } }),
            (42, { try await store.deleteNumber(42, if: VersionCondition { $0 == 1 }) }),
        ] as [(Int64, () async throws -> Void)] {
            #expect(await failure(access) == "noSuchNumber(id: \(id))")
        }
    }

    @Test(arguments: Backend.allCases)
    func createsManyAtOnce(backend: Backend) async throws {
        let store = try await backend.store()
        let contents = Array(DemoNumbers(seed: 1).prefix(300))
        #expect(try await store.createNumbers(contents, onlyIfEmpty: true) == 300)
        await #expect(throws: InventoryNotEmpty(count: 300)) {
            try await store.createNumbers(contents, onlyIfEmpty: true)
        }
        let more = Array(DemoNumbers(seed: 1).prefix(301))
        #expect(try await store.createNumbers(more, onlyIfEmpty: false) == 1)
        let page = try await store.listNumbers(NumberQuery(perPage: 301))
        #expect(page.elements.map(\.content) == more)
    }

    @Test(arguments: Backend.allCases)
    func isReady(backend: Backend) async throws {
        let store = try await backend.store()
        try await store.checkReadiness()
        try await store.checkReads()
    }

    /// `make bench-stores` does the same with a million.
    @Test(arguments: Backend.allCases)
    func storesRandomPricesExactly(backend: Backend) async throws {
        let store = try await backend.store()
        let texts = (0..<1_000).map { _ in (Self.randomPrice(), Self.randomPrice()) }
        let contents = try zip(DemoNumbers(seed: 1), texts).map { content, prices in
            NumberContent(
                value: content.value, monthyPrice: try Price(prices.0),
                setupPrice: try Price(prices.1), currency: content.currency)
        }
        _ = try await store.createNumbers(contents, onlyIfEmpty: true)
        let stored = try await store.listNumbers(NumberQuery(perPage: 1000))
        for (number, prices) in zip(stored.elements, texts) {
            #expect(number.content.monthyPrice.description == prices.0)
            #expect(number.content.setupPrice.description == prices.1)
        }
    }

    /// A price in its canonical form.
    private static func randomPrice() -> String {
        let places = Int.random(in: 2...4)
        var fraction = (0..<places).map { _ in String(Int.random(in: 0...9)) }
        if places > 2 { fraction[places - 1] = String(Int.random(in: 1...9)) }
        return "\(Int.random(in: 0...999_999_999)).\(fraction.joined())"
    }
}
