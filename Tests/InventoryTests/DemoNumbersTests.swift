import Inventory
import Testing

@Suite struct DemoNumbersTests {
    @Test func areTheSameInEveryRelease() {
        let digits = DemoNumbers(seed: 1).prefix(5).map(\.value.digits)
        #expect(digits != DemoNumbers(seed: 2).prefix(5).map(\.value.digits))
        #expect(
            digits == [
                "555130518530", "5585969514264", "351225146236", "5551942958128", "559238819328",
            ])
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
