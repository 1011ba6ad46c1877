/// All that a client decides about a number: what creates one or replaces one.
package struct NumberDraft: Equatable, Sendable {
    package var value: PhoneNumber
    package var monthyPrice: Price
    package var setupPrice: Price
    package var currency: Currency

    package init(value: PhoneNumber, monthyPrice: Price, setupPrice: Price, currency: Currency) {
        self.value = value
        self.monthyPrice = monthyPrice
        self.setupPrice = setupPrice
        self.currency = currency
    }

    /// What a client decided about `number`.
    package init(_ number: DIDNumber) {
        self.init(
            value: number.value, monthyPrice: number.monthyPrice, setupPrice: number.setupPrice,
            currency: number.currency)
    }

    /// What a new number is made from.
    ///
    /// An `id` is ignored: the store gives it.
    ///
    /// - Throws: ``InventoryError/invalid(_:)`` with every fault, in the order of the members.
    package init(creating input: ObjectInput, check: NumberCheck) throws(InventoryError) {
        try self.init(input, check: check, id: nil, hint: "")
    }

    /// What takes the place of number `id`.
    ///
    /// Every member must be there.
    ///
    /// - Throws: ``InventoryError/invalid(_:)`` with every fault, in the order of the members.
    package init(replacing id: Int64, with input: ObjectInput, check: NumberCheck)
        throws(InventoryError)
    {
        try self.init(
            input, check: check, id: id, hint: "; use PATCH to change some members only")
    }

    private init(_ input: ObjectInput, check: NumberCheck, id: Int64?, hint: String)
        throws(InventoryError)
    {
        var reader = ObjectReader(input)
        if let id { reader.expectID(id) }
        let value = reader.required(.value, hint: hint) { text throws(Refusal) in
            try PhoneNumber(text, check: check)
        }
        let monthyPrice = reader.required(.monthyPrice, hint: hint, Price.init(_:))
        let setupPrice = reader.required(.setupPrice, hint: hint, Price.init(_:))
        let currency = reader.required(.currency, hint: hint, Currency.init(_:))
        reader.refuseMembersOfNoNumber()
        guard let value, let monthyPrice, let setupPrice, let currency, reader.faults.isEmpty else {
            throw .invalid(reader.faults)
        }
        self.init(
            value: value, monthyPrice: monthyPrice, setupPrice: setupPrice, currency: currency)
    }
}

/// What a client changes about a number: the members that are not nil (RFC 7396 merge patch).
package struct NumberPatch: Equatable, Sendable {
    package var value: PhoneNumber?
    package var monthyPrice: Price?
    package var setupPrice: Price?
    package var currency: Currency?

    /// What changes number `id`.
    ///
    /// - Throws: ``InventoryError/invalid(_:)`` with every fault, in the order of the members.
    package init(changing id: Int64, with input: ObjectInput, check: NumberCheck)
        throws(InventoryError)
    {
        var reader = ObjectReader(input)
        reader.expectID(id)
        value = reader.optional(.value) { text throws(Refusal) in
            try PhoneNumber(text, check: check)
        }
        monthyPrice = reader.optional(.monthyPrice, Price.init(_:))
        setupPrice = reader.optional(.setupPrice, Price.init(_:))
        currency = reader.optional(.currency, Currency.init(_:))
        reader.refuseMembersOfNoNumber()
        guard reader.faults.isEmpty else { throw .invalid(reader.faults) }
    }
}

extension Field {
    fileprivate static let value = Field(name: "value", example: "+55 84 91234-4321")
    fileprivate static let monthyPrice = Field(
        name: "monthyPrice", example: "3.40", plural: "prices")
    fileprivate static let setupPrice = Field(
        name: "setupPrice", example: "3.40", plural: "prices")
    fileprivate static let currency = Field(name: "currency", example: "U$")
}

extension ObjectReader {
    fileprivate mutating func refuseMembersOfNoNumber() {
        refuseMembers(
            otherThan: [.value, .monthyPrice, .setupPrice, .currency], allowing: ["id"],
            of: "a number")
    }
}
