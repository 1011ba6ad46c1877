import Inventory
import Testing

@Suite struct DemoNumbersTests {
    @Test func areTheSameForASeed() {
        #expect(Array(DemoNumbers(seed: 7).prefix(50)) == Array(DemoNumbers(seed: 7).prefix(50)))
        #expect(Array(DemoNumbers(seed: 7).prefix(50)) != Array(DemoNumbers(seed: 8).prefix(50)))
    }

    @Test func areDistinctAndGood() throws {
        let drafts = Array(DemoNumbers(seed: 1).prefix(2_000))
        #expect(Set(drafts.map(\.value)).count == 2_000)
        #expect(drafts.contains { $0.value.digits.hasPrefix("55") })
        #expect(Set(drafts.map(\.currency.symbol)) == ["U$", "R$", "€", "£"])
        for draft in drafts {
            #expect(try PhoneNumber(draft.value.formatted, numberCheck: .valid) == draft.value)
            #expect(try Price(draft.setupPrice.description) == draft.setupPrice)
            #expect(try Currency(draft.currency.symbol) == draft.currency)
        }
    }
}
