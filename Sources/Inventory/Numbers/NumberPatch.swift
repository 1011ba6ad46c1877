internal import JSON

/// Some members of a number, as a client wrote them: what changes a number (RFC 7396 merge patch),
/// or all of a new one.
package struct NumberPatch: Equatable, Sendable {
    package private(set) var value: PhoneNumber?
    package private(set) var monthyPrice: Price?
    package private(set) var setupPrice: Price?
    package private(set) var currency: Currency?

    /// Reads the members that are there.
    ///
    /// - Parameter isWhole: Whether each member must be there.
    /// - Parameter price: Reads a price.
    /// - Throws: ``InventoryError/invalid(_:)`` with every fault, in the order of the members.
    package init(
        _ reader: ObjectReader, numberCheck: NumberCheck, isWhole: Bool = false,
        price: (String) throws(Refusal) -> Price = Price.init(_:)
    ) throws(InventoryError) {
        var reader = reader
        self.init(&reader, numberCheck: numberCheck, isWhole: isWhole, price: price)
        guard reader.faults.isEmpty else { throw .invalid(reader.faults) }
    }

    fileprivate init(
        _ reader: inout ObjectReader, numberCheck: NumberCheck, isWhole: Bool,
        price: (String) throws(Refusal) -> Price = Price.init(_:)
    ) {
        let members = NumberContent.Member.allCases
        for member in members {
            reader.read(member.field, isRequired: isWhole) { text throws(Refusal) in
                try read(member, from: text, numberCheck: numberCheck, price: price)
            }
        }
        reader.refuseOtherMembers()
    }

    /// What is wrong with the names of members as such, where one header names those of many rows.
    ///
    /// - Parameter isWhole: Whether each member must be there.
    package static func faults(ofMembers names: [String], isWhole: Bool) -> [Fault] {
        var reader = ObjectReader(ObjectInput(members: names.map { ($0, .string("")) }))
        _ = reader.value(of: "id")
        for member in NumberContent.Member.allCases {
            reader.read(member.field, isRequired: isWhole) { _ in }
        }
        reader.refuseOtherMembers()
        return reader.faults
    }

    private mutating func read(
        _ member: NumberContent.Member, from text: String, numberCheck: NumberCheck,
        price: (String) throws(Refusal) -> Price
    ) throws(Refusal) {
        switch member {
        case .value: value = try PhoneNumber(text, numberCheck: numberCheck)
        case .monthyPrice: monthyPrice = try price(text)
        case .setupPrice: setupPrice = try price(text)
        case .currency: currency = try Currency(text)
        }
    }
}

extension NumberContent {
    /// Reads all members, each of which must be there.
    ///
    /// - Throws: ``InventoryError/invalid(_:)`` with every fault, in the order of the members.
    package init(_ reader: ObjectReader, numberCheck: NumberCheck) throws(InventoryError) {
        var reader = reader
        let patch = NumberPatch(&reader, numberCheck: numberCheck, isWhole: true)
        guard reader.faults.isEmpty, let content = try? NumberContent(patch) else {
            throw .invalid(reader.faults)
        }
        self = content
    }

    /// Takes all members of a number that is new from `patch`, which read them elsewhere.
    ///
    /// - Throws: ``MissingMembers``.
    init(_ patch: NumberPatch) throws(MissingMembers) {
        guard let value = patch.value, let monthyPrice = patch.monthyPrice,
            let setupPrice = patch.setupPrice, let currency = patch.currency
        else { throw MissingMembers(patch) }
        self.init(
            value: value, monthyPrice: monthyPrice, setupPrice: setupPrice, currency: currency)
    }

    /// Takes over the members that `patch` has.
    package mutating func apply(_ patch: NumberPatch) {
        self = NumberContent(
            value: patch.value ?? value, monthyPrice: patch.monthyPrice ?? monthyPrice,
            setupPrice: patch.setupPrice ?? setupPrice, currency: patch.currency ?? currency)
    }
}

extension ObjectReader {
    fileprivate mutating func refuseOtherMembers() {
        // Clients send whole numbers back, with the id, which is the store's to give.
        refuseMembers(
            otherThan: NumberContent.Member.allCases.map(\.field), allowing: ["id"], of: "a number")
    }
}

/// A number that is new lacks some of its members.
struct MissingMembers: Error {
    let faults: [Fault]

    fileprivate init(_ patch: NumberPatch) {
        let missing = NumberContent.Member.allCases.filter { !patch.has($0) }
        faults = missing.map { Fault(field: $0.rawValue, detail: "is required") }
    }
}

extension NumberPatch {
    fileprivate func has(_ member: NumberContent.Member) -> Bool {
        switch member {
        case .value: value != nil
        case .monthyPrice: monthyPrice != nil
        case .setupPrice: setupPrice != nil
        case .currency: currency != nil
        }
    }
}

extension NumberContent.Member {
    fileprivate var field: Field {
        switch self {
        case .value: Field(name: rawValue, example: "+55 84 91234-4321")
        case .monthyPrice, .setupPrice: Field(name: rawValue, example: "3.40", plural: "prices")
        case .currency: Field(name: rawValue, example: "U$")
        }
    }
}
