import Inventory
import JSON
import Storage
import Testing

@Suite struct NumberContentTests {
    private static let good: [(name: String, value: JSONValue)] = [
        ("value", .string("+55 84 91234-4321")), ("monthyPrice", .string("0.03")),
        ("setupPrice", .string("3.4")), ("currency", .string("U$")),
    ]

    private func input(_ changes: (String, JSONValue?)...) -> ObjectReader {
        var members = Self.good
        for (name, value) in changes {
            members.removeAll { $0.name == name }
            if let value { members.append((name, value)) }
        }
        return ObjectReader(members: members)
    }

    private func errors(ofCreating input: ObjectReader) -> [FieldError]? {
        let error = #expect(throws: InventoryError.self) {
            try NumberContent(input, numberCheck: .possible)
        }
        return error?.fieldErrors
    }

    private func errors(
        ofChanging members: [(name: String, value: JSONValue)]
    ) -> [FieldError]? {
        let error = #expect(throws: InventoryError.self) {
            try NumberPatch(ObjectReader(members: members), numberCheck: .possible)
        }
        return error?.fieldErrors
    }

    /// An id is ignored, because clients send numbers back with it.
    @Test func isReadFromGoodMembers() throws {
        let content = try NumberContent(input(("id", .string("what"))), numberCheck: .possible)
        #expect(content.value.formatted == "+55 84 91234-4321")
        #expect(content.setupPrice.description == "3.40")
        #expect(content.currency.symbol == "U$")
    }

    @Test func reportsAllErrorsInTheOrderOfTheMembers() {
        let errors = errors(
            ofCreating: input(
                ("colour", .string("red")), ("currency", .string("banana")), ("value", nil),
                ("setupPrice", .string("-1"))))
        #expect(errors?.map(\.field) == ["value", "setupPrice", "currency", "colour"])
    }

    private static let string = "must be a string such as "
    private static let unknown = "is not a member of a number"

    @Test(arguments: [
        ("value", JSONValue.null, "is required"),
        ("value", .number("5584912344321"), string + "\"+55 84 91234-4321\""),
        ("value", .array([]), string + "\"+55 84 91234-4321\""),
        (
            "monthyPrice", .number("0.03"),
            "must be a string: send prices as strings, for example \"3.40\""
        ),
        ("monthyPrice", .boolean(true), string + "\"3.40\""),
        ("setupPrice", .object([]), string + "\"3.40\""),
        ("setupPrice", .string(""), "must not be empty"),
        ("currency", .boolean(true), string + "\"U$\""), ("currency", .null, "is required"),
        ("monthlyPrice", .string("1"), unknown + "; did you mean monthyPrice?"),
        ("setup_price", .string("1"), unknown + "; did you mean setupPrice?"),
        ("Currency", .string("1"), unknown + "; did you mean currency?"),
        ("colour", .string("1"), unknown + ": use value, monthyPrice, setupPrice, currency"),
    ])
    func refusesOneMember(field: String, value: JSONValue, detail: String) {
        #expect(
            errors(ofCreating: input((field, value))) == [FieldError(field: field, detail: detail)])
    }

    @Test func namesTwentyUnknownMembersAtMost() {
        let members = (0..<5_000).map { (name: "member\($0)", value: JSONValue.null) }
        #expect(errors(ofChanging: members)?.map(\.field) == members.prefix(20).map(\.name))
    }

    @Test func refusesDuplicateMembers() {
        let twice = ObjectReader(
            members: input().members + [(name: "monthyPrice", value: .string("0.04"))])
        #expect(
            errors(ofCreating: twice) == [
                FieldError(field: "monthyPrice", detail: "is given twice")
            ])
    }

    @Test func missingMemberHasTheHint() {
        var reader = input(("setupPrice", nil))
        reader.hintWhereMissing = " in each row"
        #expect(
            errors(ofCreating: reader) == [
                FieldError(field: "setupPrice", detail: "is required in each row")
            ])
    }

    @Test func patchCannotRemoveAMember() {
        #expect(
            errors(ofChanging: [("value", .null)]) == [
                FieldError(field: "value", detail: "cannot be removed")
            ])
    }

    @Test func patchReplacesItsMembers() throws {
        let content = try NumberContent(input(), numberCheck: .possible)
        var same = content
        try same.apply(NumberPatch(ObjectReader(members: []), numberCheck: .possible))
        #expect(same == content)
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
        let changed = try number.changed(if: VersionCondition { _ in true }) { $0 = contents[1] }
        #expect(changed == DIDNumber(id: 1, content: contents[1], version: 2))
        #expect(try number.changed(if: VersionCondition { _ in true }) { $0 = contents[0] } == nil)
    }

    /// The column by which a store sorts a member has the member's name.
    @Test(arguments: NumberContent.Member.allCases)
    func columnHasTheNameOfTheMember(member: NumberContent.Member) {
        #expect(member.columns.last?.name == member.rawValue)
    }
}
