import Inventory
import JSON
import Storage
import Testing

@Suite struct NumberContentTests {
    static let good: [(String, JSONValue)] = [
        ("value", .string("+55 84 91234-4321")), ("monthyPrice", .string("0.03")),
        ("setupPrice", .string("3.4")), ("currency", .string("U$")),
    ]

    private func input(_ changes: (String, JSONValue?)...) -> ObjectReader {
        var members = Self.good.map { (name: $0.0, value: $0.1) }
        for (name, value) in changes {
            members.removeAll { $0.name == name }
            if let value { members.append((name, value)) }
        }
        return ObjectReader(members: members)
    }

    private func errors(_ body: () throws -> Void) -> [FieldError] {
        do {
            try body()
            return []
        } catch InventoryError.invalid(let errors) {
            return errors
        } catch {
            Issue.record(error)
            return []
        }
    }

    private func errorsOfCreating(_ input: ObjectReader) -> [FieldError] {
        errors { _ = try NumberContent(input, numberCheck: .possible) }
    }

    private func errorsOfChanging(_ members: [(name: String, value: JSONValue)]) -> [FieldError] {
        errors { _ = try NumberPatch(ObjectReader(members: members), numberCheck: .possible) }
    }

    @Test func isReadFromGoodMembers() throws {
        let content = try NumberContent(input(), numberCheck: .possible)
        #expect(content.value.formatted == "+55 84 91234-4321")
        #expect(content.setupPrice.description == "3.40")
    }

    @Test func reportsAllErrorsInTheOrderOfTheMembers() {
        let errors = errorsOfCreating(
            input(
                ("colour", .string("red")), ("currency", .string("banana")), ("value", nil),
                ("setupPrice", .string("-1"))))
        #expect(errors.map(\.field) == ["value", "setupPrice", "currency", "colour"])
    }

    @Test(arguments: [
        ("value", JSONValue.null, "is required"),
        ("value", .number("5584912344321"), "must be a string such as \"+55 84 91234-4321\""),
        ("value", .array([]), "must be a string such as \"+55 84 91234-4321\""),
        (
            "monthyPrice", .number("0.03"),
            "must be a string: send prices as strings, for example \"3.40\""
        ),
        ("monthyPrice", .boolean(true), "must be a string such as \"3.40\""),
        ("setupPrice", .object([]), "must be a string such as \"3.40\""),
        ("setupPrice", .string(""), "must not be empty"),
        ("currency", .boolean(true), "must be a string such as \"U$\""),
        ("currency", .null, "is required"),
    ])
    func refusesOneMember(field: String, value: JSONValue, detail: String) {
        #expect(
            errorsOfCreating(input((field, value))) == [FieldError(field: field, detail: detail)])
    }

    @Test(arguments: [
        ("monthlyPrice", "is not a member of a number; did you mean monthyPrice?"),
        ("setup_price", "is not a member of a number; did you mean setupPrice?"),
        ("Currency", "is not a member of a number; did you mean currency?"),
        (
            "colour",
            "is not a member of a number: those are value, monthyPrice, setupPrice, currency"
        ),
    ])
    func hintsAtUnknownMembers(field: String, detail: String) {
        #expect(
            errorsOfCreating(input((field, .string("1")))) == [
                FieldError(field: field, detail: detail)
            ])
    }

    @Test func namesTwentyUnknownMembersAtMost() {
        let members = (0..<5_000).map { (name: "member\($0)", value: JSONValue.null) }
        let errors = errorsOfChanging(members)
        #expect(errors.map(\.field) == members.prefix(20).map(\.name))
    }

    @Test func refusesDuplicateMembers() {
        let twice = ObjectReader(
            members: Self.good.map { (name: $0.0, value: $0.1) }
                + [(name: "monthyPrice", value: .string("0.04"))])
        #expect(
            errorsOfCreating(twice) == [FieldError(field: "monthyPrice", detail: "is given twice")])
    }

    @Test func ignoresAnID() throws {
        let reader = input(("id", .string("what")))
        #expect(try NumberContent(reader, numberCheck: .possible).currency.symbol == "U$")
    }

    @Test func missingMemberHasTheHint() {
        var reader = input(("setupPrice", nil))
        reader.hintWhereMissing = " in each row"
        #expect(
            errors { _ = try NumberContent(reader, numberCheck: .possible) } == [
                FieldError(field: "setupPrice", detail: "is required in each row")
            ])
    }

    @Test func patchesNothingWithNoMembers() throws {
        let patch = try NumberPatch(ObjectReader(members: []), numberCheck: .possible)
        #expect(
            patch.value == nil && patch.monthyPrice == nil && patch.setupPrice == nil
                && patch.currency == nil)
    }

    @Test func cannotRemoveAMember() {
        #expect(
            errorsOfChanging([("value", .null)]) == [
                FieldError(field: "value", detail: "cannot be removed")
            ])
    }

    @Test func patchReplacesItsMembers() throws {
        let content = try NumberContent(input(), numberCheck: .possible)
        for (name, text) in [
            ("value", "+1 212-736-5000"), ("monthyPrice", "1.00"), ("setupPrice", "2.00"),
            ("currency", "R$"),
        ] {
            let member = try #require(NumberContent.Member(rawValue: name))
            let input = ObjectReader(members: [(name, .string(text))])
            var changed = content
            try changed.apply(NumberPatch(input, numberCheck: .possible))
            #expect(changed != content)
            for other in NumberContent.Member.allCases {
                let expected = other == member ? text : content.text(of: other)
                #expect(changed.text(of: other) == expected)
            }
        }
    }

    @Test func differentFormatIsAChange() throws {
        let prices = Price(storedTenThousandths: 0)
        let contents = ["+55 84 91234-4321", "+55 84 9 1234 4321"].map { text in
            NumberContent(
                value: PhoneNumber(storedDigits: "5584912344321", formatted: text),
                monthyPrice: prices, setupPrice: prices, currency: Currency(storedSymbol: "U$"))
        }
        #expect(contents[0] != contents[1])
        let number = DIDNumber(id: 1, content: contents[0])
        let changed = try number.changed(if: .always) { $0 = contents[1] }
        #expect(changed == DIDNumber(id: 1, content: contents[1], version: 2))
        #expect(try number.changed(if: .always) { $0 = contents[0] } == nil)
    }

    /// A store keeps each member under its own name, by which it sorts.
    @Test(arguments: NumberContent.Member.allCases)
    func columnHasTheNameOfTheMember(member: NumberContent.Member) {
        #expect(member.columns.last?.name == member.rawValue)
    }
}
