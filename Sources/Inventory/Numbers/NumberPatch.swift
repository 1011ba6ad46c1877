internal import JSON

/// Some members of a number, as a client sent them: a change of a number (RFC 7396 merge patch), or
/// all members of a new one.
package struct NumberPatch: Equatable, Sendable {
    package internal(set) var value: PhoneNumber?
    /// Why `numberCheck` refuses the value. A number that already has the value may keep it.
    var valueError: InvalidValue?
    package internal(set) var monthyPrice: Price?
    package internal(set) var setupPrice: Price?
    package internal(set) var currency: Currency?
}

extension NumberPatch {
    /// - Parameter isWhole: Whether all members are required.
    /// - Parameter isNew: Whether the number is not stored yet.
    /// - Throws: ``InventoryError/invalid(_:)`` with all errors, in the order of the members.
    package init(
        _ input: ObjectReader, numberCheck: NumberCheck, isWhole: Bool = false,
        isNew: Bool = false,
        price: (NumberContent.Member, String) throws(InvalidValue) -> Price = {
            (_, text) throws(InvalidValue) in try Price(text)
        }
    ) throws(InventoryError) {
        var reader = input
        let errorCount = reader.errors.count
        reader.readMembers(areRequired: isWhole) { member, text throws(InvalidValue) in
            try read(member, from: text, numberCheck: numberCheck, price: price)
        }
        // If there are other errors, report this one as well, although the store might accept the
        // value.
        if let valueError, isNew || reader.errors.count > errorCount {
            reader.errors.insert(.value(valueError), at: errorCount)
        }
        guard reader.errors.isEmpty else { throw .invalid(reader.errors) }
    }

    private mutating func read(
        _ member: NumberContent.Member, from text: String, numberCheck: NumberCheck,
        price: (NumberContent.Member, String) throws(InvalidValue) -> Price
    ) throws(InvalidValue) {
        switch member {
        case .value:
            let reading = try PhoneNumber.Reading(text, numberCheck)
            (value, valueError) = (reading.number, reading.error)
        case .monthyPrice: monthyPrice = try price(member, text)
        case .setupPrice: setupPrice = try price(member, text)
        case .currency: currency = try Currency(text)
        }
    }

    /// The errors in `names`, which the header of a file gives for all its rows.
    package static func errors(ofMembers names: [String], isWhole: Bool) -> [FieldError] {
        var reader = ObjectReader(members: names.map { ($0, .string("")) })
        _ = reader.value(of: "id")
        reader.readMembers(areRequired: isWhole) { _, _ in }
        return reader.errors
    }
}

extension NumberContent {
    package init(_ reader: ObjectReader, numberCheck: NumberCheck) throws(InventoryError) {
        try self.init(
            NumberPatch(reader, numberCheck: numberCheck, isWhole: true, isNew: true))
    }

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

    /// - Throws: ``InventoryError/invalid(_:)`` if the patch has a refused value that is not the
    ///   current one.
    package mutating func apply(_ patch: NumberPatch) throws(InventoryError) {
        if let error = patch.valueError {
            guard patch.value?.digits == value.digits else { throw .invalid([.value(error)]) }
        } else {
            value = patch.value ?? value
        }
        monthyPrice = patch.monthyPrice ?? monthyPrice
        setupPrice = patch.setupPrice ?? setupPrice
        currency = patch.currency ?? currency
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

extension ObjectReader {
    fileprivate mutating func readMembers(
        areRequired: Bool, _ read: (NumberContent.Member, String) throws(InvalidValue) -> Void
    ) {
        for member in NumberContent.Member.allCases {
            self.read(
                member.rawValue, example: member.example,
                plural: member.price == nil ? nil : "prices", isRequired: areRequired
            ) { text throws(InvalidValue) in try read(member, text) }
        }
        // Clients send a number back as they received it, including its id.
        refuseMembers(
            otherThan: NumberContent.Member.names, ignoring: ["id"],
            insteadOf: "a member of a number")
    }
}

extension FieldError {
    static func value(_ error: InvalidValue) -> FieldError {
        FieldError(error, of: NumberContent.Member.value.rawValue)
    }
}
