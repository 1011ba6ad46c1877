import Inventory
import StoreTesting
import Testing

/// What every store must do.
@Suite struct NumberStoreContract {
    @Test(arguments: Backend.allCases)
    func createsAndReads(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            #expect(created.id == 1)
            #expect(created.version == 1)
            #expect(created.content.value.formatted == "+55 84 91234-4321")
            #expect(try await store.number(1) == created)
            #expect(try await store.number(1).content.value.formatted == "+55 84 91234-4321")
        }
    }

    @Test(arguments: Backend.allCases)
    func neverGivesAnIDAgain(backend: Backend) async throws {
        try await backend.withStore { store in
            _ = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let second = try await store.createNumber(try NumberContent("+55 84 91234-4322"))
            try await store.deleteNumber(second.id, if: .always)
            let third = try await store.createNumber(try NumberContent("+55 84 91234-4322"))
            #expect(third.id > second.id)
        }
    }

    @Test(arguments: Backend.allCases)
    func refusesTheSameNumberTwice(backend: Backend) async throws {
        try await backend.withStore { store in
            let first = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let error = try await #require(throws: InventoryError.self) {
                try await store.createNumber(try NumberContent("+55 (84) 9.1234.4321"))
            }
            guard case .numberExists(first.id, let value) = error else {
                throw error
            }
            #expect(value.formatted == "+55 84 91234-4321")
            #expect(try await store.listNumbers(NumberQuery()).total == 1)
        }
    }

    @Test(arguments: Backend.allCases)
    func letsOneOfManyCreateTheSameNumber(backend: Backend) async throws {
        try await backend.withStore { store in
            let outcomes = try await race(64) { _ in
                do {
                    _ = try await store.createNumber(try NumberContent("+5584912344321"))
                    return true
                } catch InventoryError.numberExists {
                    return false
                }
            }
            #expect(outcomes.count { $0 } == 1)
        }
    }

    @Test(arguments: Backend.allCases)
    func countsTheVersionUpWithEachChange(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let price = try Price("0.05")
            let changed = try await store.updateNumber(created.id, if: .always) {
                $0.monthyPrice = price
            }
            #expect(changed.version == 2)
            #expect(changed.content.monthyPrice == price)
            #expect(changed.content.setupPrice == created.content.setupPrice)
            #expect(try await store.number(created.id) == changed)
        }
    }

    @Test(arguments: Backend.allCases)
    func leavesTheVersionWhereNothingChanges(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let unchanged = try await store.updateNumber(created.id, if: .always) {
                $0.monthyPrice = created.content.monthyPrice
            }
            #expect(unchanged == created)
        }
    }

    /// A newer libphonenumber may show the same number otherwise.
    @Test(arguments: Backend.allCases)
    func keepsAnotherTextOfTheSameNumber(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let digits = created.content.value.digits
            let changed = try await store.updateNumber(created.id, if: .always) {
                $0.value = PhoneNumber(storedDigits: digits, formatted: "+55 84 9 1234 4321")
            }
            #expect(changed.version == 2)
            #expect(try await store.number(created.id) == changed)
        }
    }

    @Test(arguments: Backend.allCases)
    func refusesAnotherNumbersDigitsInAnUpdate(backend: Backend) async throws {
        try await backend.withStore { store in
            let first = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let second = try await store.createNumber(try NumberContent("+55 84 91234-4322"))
            let error = try await #require(throws: InventoryError.self) {
                try await store.updateNumber(second.id, if: .always) {
                    $0.value = first.content.value
                }
            }
            guard case .numberExists(first.id, first.content.value) = error else { throw error }
            #expect(try await store.number(second.id) == second)
        }
    }

    @Test(arguments: Backend.allCases)
    func keepsWhatWasWhenAChangeThrows(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let price = try Price("9")
            await #expect(throws: InvalidValue("no")) {
                try await store.updateNumber(created.id, if: .always) {
                    $0.monthyPrice = price
                    throw InvalidValue("no")
                }
            }
            #expect(try await store.number(created.id) == created)
        }
    }

    @Test(arguments: Backend.allCases)
    func comparesVersionsBeforeItWrites(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let price = try Price("9")
            let stale = VersionCondition(allowed: .some([7]))
            for write in [
                {
                    _ = try await store.updateNumber(created.id, if: stale) {
                        $0.setupPrice = price
                    }
                },
                { try await store.deleteNumber(created.id, if: stale) },
                {
                    try await store.deleteNumber(
                        created.id, if: VersionCondition(refused: .some([1])))
                },
                { try await store.deleteNumber(created.id, if: VersionCondition(refused: .all)) },
            ] as [() async throws -> Void] {
                let error = try await #require(throws: InventoryError.self) { try await write() }
                guard case .versionConflict(created) = error else { throw error }
            }
            try await store.deleteNumber(created.id, if: VersionCondition(allowed: .some([1, 7])))
        }
    }

    @Test(arguments: Backend.allCases)
    func letsOneOfManyChangeTheSameVersion(backend: Backend) async throws {
        try await backend.withStore { store in
            let created = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let outcomes = try await race(32) { index in
                let price = Price(storedTenThousandths: Int64((index + 1) * 10_000))
                do {
                    _ = try await store.updateNumber(
                        created.id, if: VersionCondition(allowed: .some([1]))
                    ) { $0.setupPrice = price }
                    return true
                } catch InventoryError.versionConflict {
                    return false
                }
            }
            #expect(outcomes.count { $0 } == 1)
            #expect(try await store.number(created.id).version == 2)
        }
    }

    @Test(arguments: Backend.allCases)
    func knowsNoNumberThatIsNotThere(backend: Backend) async throws {
        try await backend.withStore { store in
            for access in [
                { _ = try await store.number(42) },
                { _ = try await store.updateNumber(42, if: .always) { _ in } },
                { try await store.deleteNumber(42, if: VersionCondition(allowed: .some([1]))) },
                { _ = try await store.number(.max) },
            ] as [() async throws -> Void] {
                let error = try await #require(throws: InventoryError.self) { try await access() }
                guard case .noSuchNumber = error else { throw error }
            }
        }
    }

    @Test(arguments: Backend.allCases)
    func createsManyAtOnce(backend: Backend) async throws {
        try await backend.withStore { store in
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
    }

    @Test(arguments: Backend.allCases)
    func isReady(backend: Backend) async throws {
        try await backend.withStore {
            try await $0.checkReadiness()
            try await $0.checkReads()
        }
    }

    @Test(arguments: Backend.allCases)
    func keepsRandomPricesAsTheyAre(backend: Backend) async throws {
        try await backend.withStore { store in
            let texts = (0..<10_000).map { _ in (Self.randomPrice(), Self.randomPrice()) }
            let contents = try zip(DemoNumbers(seed: 1), texts).map { content, prices in
                NumberContent(
                    value: content.value, monthyPrice: try Price(prices.0),
                    setupPrice: try Price(prices.1), currency: content.currency)
            }
            _ = try await store.createNumbers(contents, onlyIfEmpty: true)
            for page in 1...10 {
                let stored = try await store.listNumbers(NumberQuery(page: page, perPage: 1000))
                for (number, prices) in zip(stored.elements, texts[((page - 1) * 1000)...]) {
                    #expect(number.content.monthyPrice.description == prices.0)
                    #expect(number.content.setupPrice.description == prices.1)
                }
            }
        }
    }

    /// A price in its canonical form, as it is answered.
    private static func randomPrice() -> String {
        let places = Int.random(in: 2...4)
        var fraction = (0..<places).map { _ in String(Int.random(in: 0...9)) }
        if places > 2 { fraction[places - 1] = String(Int.random(in: 1...9)) }
        return "\(Int.random(in: 0...999_999_999)).\(fraction.joined())"
    }
}
