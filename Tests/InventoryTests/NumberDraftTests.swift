import Inventory
import JSON
import Testing

@Suite struct NumberDraftTests {
    static let good: [(String, JSONValue)] = [
        ("value", .string("+55 84 91234-4321")), ("monthyPrice", .string("0.03")),
        ("setupPrice", .string("3.4")), ("currency", .string("U$")),
    ]

    private func input(_ changes: (String, JSONValue?)...) -> ObjectInput {
        var members = Self.good.map { (name: $0.0, value: $0.1) }
        for (name, value) in changes {
            members.removeAll { $0.name == name }
            if let value { members.append((name, value)) }
        }
        return ObjectInput(members: members)
    }

    private func faults(_ body: () throws -> Void) -> [Fault] {
        do {
            try body()
            return []
        } catch InventoryError.invalid(let faults) {
            return faults
        } catch {
            Issue.record(error)
            return []
        }
    }

    private func faultsOfCreating(_ input: ObjectInput) -> [Fault] {
        faults { _ = try NumberDraft(creating: input, check: .possible) }
    }

    private func faultsOfReplacing(_ input: ObjectInput) -> [Fault] {
        faults { _ = try NumberDraft(replacing: 42, with: input, check: .possible) }
    }

    private func faultsOfChanging(_ input: ObjectInput) -> [Fault] {
        faults { _ = try NumberPatch(changing: 42, with: input, check: .possible) }
    }

    @Test func isReadFromGoodMembers() throws {
        let draft = try NumberDraft(creating: input(), check: .possible)
        #expect(draft.value.formatted == "+55 84 91234-4321")
        #expect(draft.setupPrice.description == "3.40")
    }

    @Test func tellsAllFaultsInTheOrderOfTheMembers() {
        let faults = faultsOfCreating(
            input(
                ("colour", .string("red")), ("currency", .string("banana")), ("value", nil),
                ("setupPrice", .string("-1"))))
        #expect(faults.map(\.field) == ["value", "setupPrice", "currency", "colour"])
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
            faultsOfCreating(input((field, value))) == [Fault(field: field, detail: detail)])
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
            faultsOfCreating(input((field, .string("1")))) == [Fault(field: field, detail: detail)])
    }

    @Test func namesTwentyUnknownMembersAtMost() {
        let members = (0..<5_000).map { (name: "member\($0)", value: JSONValue.null) }
        let faults = faultsOfChanging(ObjectInput(members: members))
        #expect(faults.map(\.field) == members.prefix(20).map(\.name))
    }

    @Test func refusesMembersThatAreThereTwice() {
        let twice = ObjectInput(
            members: Self.good.map { (name: $0.0, value: $0.1) }
                + [(name: "monthyPrice", value: .string("0.04"))])
        #expect(
            faultsOfCreating(twice) == [Fault(field: "monthyPrice", detail: "is given twice")])
    }

    @Test func ignoresAnIDWhenCreating() throws {
        let draft = try NumberDraft(
            creating: input(("id", .string("what"))), check: .possible)
        #expect(draft.currency.symbol == "U$")
    }

    @Test(arguments: [JSONValue.number("42"), .string("42")])
    func takesItsOwnIDWhenReplacing(id: JSONValue) {
        #expect(faultsOfReplacing(input(("id", id))).isEmpty)
        #expect(faultsOfChanging(ObjectInput(members: [("id", id)])).isEmpty)
    }

    @Test(arguments: [JSONValue.number("7"), .string("7"), .number("42.0"), .null, .array([])])
    func refusesAnotherIDWhenReplacing(id: JSONValue) {
        #expect(faultsOfReplacing(input(("id", id))).map(\.field) == ["id"])
        #expect(faultsOfChanging(ObjectInput(members: [("id", id)])).map(\.field) == ["id"])
    }

    @Test func pointsToPatchWhereAReplacementIsIncomplete() {
        #expect(
            faultsOfReplacing(input(("setupPrice", nil))) == [
                Fault(
                    field: "setupPrice",
                    detail: "is required; use PATCH to change some members only")
            ])
    }

    @Test func patchesNothingWithNoMembers() throws {
        let patch = try NumberPatch(
            changing: 42, with: ObjectInput(members: []), check: .possible)
        #expect(
            patch.value == nil && patch.monthyPrice == nil && patch.setupPrice == nil
                && patch.currency == nil)
    }

    @Test func cannotRemoveAMember() {
        #expect(
            faultsOfChanging(ObjectInput(members: [("value", .null)])) == [
                Fault(field: "value", detail: "cannot be removed")
            ])
    }
}

@Suite struct SearchTests {
    @Test(arguments: [
        ("", Search.all), (" ", .all), ("+", .all), ("(", .all), ("55", .digits("55")),
        (" 55", .digits("55")), ("(84) 9", .digits("849")), ("84-91", .digits("8491")),
        ("%", .nothing), ("_", .nothing), ("' OR 1=1", .nothing), ("abc", .nothing),
        ("٥٥", .nothing), ("1234567890123456", .nothing),
    ])
    func readsWhatAPersonTyped(text: String, search: Search) {
        #expect(Search(text) == search)
    }
}

@Suite struct NumberQueryTests {
    @Test func neverOverflows() {
        #expect(NumberQuery(page: .max, perPage: 1000).offset == .max)
        #expect(NumberQuery(page: 3, perPage: 25).offset == 50)
    }
}
