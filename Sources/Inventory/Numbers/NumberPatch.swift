internal import JSON

/// Some members of a number, as a client wrote them: what changes a number (RFC 7396 merge patch),
/// or all of a new one.
package struct NumberPatch: Equatable, Sendable {
    package private(set) var value: PhoneNumber?
    /// Why the check refuses the value; nil if it accepts the value.
    ///
    /// A number that already has the value may keep it.
    private(set) var valueRefusal: InvalidValue?
    package private(set) var monthyPrice: Price?
    package private(set) var setupPrice: Price?
    package private(set) var currency: Currency?

    /// Members that were read before.
    init(
        value: PhoneNumber?, valueRefusal: InvalidValue?, monthyPrice: Price?, setupPrice: Price?,
        currency: Currency?
    ) {
        self.value = value
        self.valueRefusal = valueRefusal
        self.monthyPrice = monthyPrice
        self.setupPrice = setupPrice
        self.currency = currency
    }

    /// Reads the members that are there.
    ///
    /// - Parameter isWhole: Whether each member must be there.
    /// - Parameter price: Reads a price.
    /// - Throws: ``InventoryError/invalid(_:)`` with every error, in the order of the members.
    package init(
        _ reader: ObjectReader, numberCheck: NumberCheck, isWhole: Bool = false,
        price: (String) throws(InvalidValue) -> Price = Price.init(_:)
    ) throws(InventoryError) {
        var reader = reader
        self.init(&reader, numberCheck: numberCheck, isWhole: isWhole, price: price)
        guard reader.errors.isEmpty else { throw .invalid(reader.errors) }
    }

    /// - Parameter isNew: Whether the number is not stored yet.
    fileprivate init(
        _ reader: inout ObjectReader, numberCheck: NumberCheck, isWhole: Bool, isNew: Bool = false,
        price: (String) throws(InvalidValue) -> Price = Price.init(_:)
    ) {
        let errorCount = reader.errors.count
        for member in NumberContent.Member.allCases {
            reader.read(member.field, isRequired: isWhole) { text throws(InvalidValue) in
                try read(member, from: text, numberCheck: numberCheck, price: price)
            }
        }
        reader.refuseOtherMembers()
        // Report all errors together, even if the store would accept this value for its number.
        if let valueRefusal, isNew || reader.errors.count > errorCount {
            reader.insert(.value(valueRefusal), at: errorCount)
        }
    }

    /// What is wrong with the names of members as such, where one header names those of many rows.
    ///
    /// - Parameter isWhole: Whether each member must be there.
    package static func errors(ofMembers names: [String], isWhole: Bool) -> [FieldError] {
        var reader = ObjectReader(ObjectInput(members: names.map { ($0, .string("")) }))
        _ = reader.value(of: "id")
        for member in NumberContent.Member.allCases {
            reader.read(member.field, isRequired: isWhole) { _ in }
        }
        reader.refuseOtherMembers()
        return reader.errors
    }

    private mutating func read(
        _ member: NumberContent.Member, from text: String, numberCheck: NumberCheck,
        price: (String) throws(InvalidValue) -> Price
    ) throws(InvalidValue) {
        switch member {
        case .value:
            let reading = try PhoneNumber.Reading(text, numberCheck)
            (value, valueRefusal) = (reading.number, reading.refusal)
        case .monthyPrice: monthyPrice = try price(text)
        case .setupPrice: setupPrice = try price(text)
        case .currency: currency = try Currency(text)
        }
    }
}

extension NumberContent {
    /// Reads all members of a new number, each of which must be there.
    ///
    /// - Throws: ``InventoryError/invalid(_:)`` with every error, in the order of the members.
    package init(_ reader: ObjectReader, numberCheck: NumberCheck) throws(InventoryError) {
        var reader = reader
        let patch = NumberPatch(&reader, numberCheck: numberCheck, isWhole: true, isNew: true)
        guard reader.errors.isEmpty, let content = try? NumberContent(patch) else {
            throw .invalid(reader.errors)
        }
        self = content
    }

    /// Takes all members of a new number from `patch`.
    ///
    /// - Throws: ``InventoryError/invalid(_:)`` with the members that are missing.
    init(_ patch: NumberPatch) throws(InventoryError) {
        guard let value = patch.value, let monthyPrice = patch.monthyPrice,
            let setupPrice = patch.setupPrice, let currency = patch.currency
        else {
            let missing = Member.allCases.filter { !patch.has($0) }
            throw .invalid(missing.map { FieldError(field: $0.rawValue, detail: "is required") })
        }
        self.init(
            value: value, monthyPrice: monthyPrice, setupPrice: setupPrice, currency: currency)
    }

    /// Replaces the members that `patch` has.
    ///
    /// - Throws: ``InventoryError/invalid(_:)`` if the check refuses the value and the number does not
    ///   have it already.
    package mutating func apply(_ patch: NumberPatch) throws(InventoryError) {
        var newValue = patch.value ?? value
        if let refusal = patch.valueRefusal {
            guard newValue.digits == value.digits else { throw .invalid([.value(refusal)]) }
            newValue = value
        }
        self = NumberContent(
            value: newValue, monthyPrice: patch.monthyPrice ?? monthyPrice,
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

extension FieldError {
    static func value(_ refusal: InvalidValue) -> FieldError {
        FieldError(refusal, of: NumberContent.Member.value.rawValue)
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
