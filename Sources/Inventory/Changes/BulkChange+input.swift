internal import JSON

extension BulkChange {
    private static let owner = "a change of many numbers"

    /// Reads what a client wrote: which numbers (`select`), and what becomes of them (`set`, or
    /// `delete`).
    ///
    /// - Throws: ``InventoryError/invalid(_:)`` with every error.
    package init(_ input: ObjectInput) throws(InventoryError) {
        var reader = ObjectReader(input)
        let selection = reader.readObject("select") { Selection(&$0) }
        if selection == nil, reader.errors.isEmpty { reader.note("select", "is required") }
        let action: Action? =
            switch reader.one(of: ["set", "delete"]) {
            case "set": reader.readObject("set") { Adjustments(&$0) }.map(Action.set)
            case "delete": reader.readTrue("delete") ? .delete : nil
            default: nil
            }
        reader.refuseMembers(otherThan: ["select", "set", "delete"], of: Self.owner)
        guard let selection, let action, reader.errors.isEmpty else {
            throw .invalid(reader.errors)
        }
        self.init(selection, action)
    }
}

extension Selection {
    fileprivate init?(_ reader: inout ObjectReader) {
        let names = ["ids"] + NumberFilter.names + ["all"]
        reader.refuseMembers(otherThan: names, of: "a selection")
        if NumberFilter.names.contains(where: reader.has), !reader.has("ids"), !reader.has("all") {
            // What filters nothing would select everything, which has a word of its own.
            let refusal = InvalidValue("must have a digit; use all for all numbers")
            self = .matching(NumberFilter(&reader, withoutDigits: refusal))
            return
        }
        switch reader.one(of: names) {
        case "ids": self.init(idsIn: &reader)
        case "all" where reader.readTrue("all"): self = .all
        default: return nil
        }
    }

    private init?(idsIn reader: inout ObjectReader) {
        guard case .array(let elements)? = reader.value(of: "ids") else {
            reader.note("ids", "must be a list of ids such as [1, 2]")
            return nil
        }
        var ids: [Int64] = []
        for element in elements {
            guard case .number(let digits) = element, let id = Int64(digits), id > 0 else {
                reader.note("ids", "must be a list of ids such as [1, 2]")
                return nil
            }
            ids.append(id)
        }
        self = .ids(ids)
    }
}

extension Adjustments {
    fileprivate init?(_ reader: inout ObjectReader) {
        self.init()
        let currencyName = NumberContent.Member.currency.rawValue
        for price in NumberContent.Member.prices {
            prices[price] = reader.readObject(price.rawValue) { PriceAdjustment(&$0) }
        }
        currency = reader.readObject(currencyName) { Currency(adjustment: &$0) }
        reader.refuseMembers(
            otherThan: NumberContent.Member.prices.map(\.rawValue) + [currencyName],
            of: "what can be set")
        if self == Adjustments(), reader.errors.isEmpty {
            reader.note(nil, "must have one member at least")
        }
    }
}

extension Currency {
    fileprivate init?(adjustment reader: inout ObjectReader) {
        reader.refuseMembers(otherThan: ["to"], of: "what becomes of a currency")
        let currency = reader.read(Field(name: "to", example: "U$"), isRequired: true) {
            text throws(InvalidValue) in try Currency(text)
        }
        guard let currency else { return nil }
        self = currency
    }
}

extension PriceAdjustment {
    fileprivate init?(_ reader: inout ObjectReader) {
        reader.refuseMembers(
            otherThan: ["to", "times", "decimals", "plus"], of: "what becomes of a price")
        let kind = reader.one(of: ["to", "times", "plus"])
        if kind != "times", reader.has("decimals") {
            reader.note("decimals", "goes with times only")
        }
        let adjustment: PriceAdjustment? =
            switch kind {
            case "to":
                reader.read(Field(name: "to", example: "3.40", plural: "prices"), isRequired: true)
                { text throws(InvalidValue) in .to(try Price(text)) }
            case "times": Self.times(&reader)
            case "plus":
                reader.read(Field(name: "plus", example: "-0.01"), isRequired: true) {
                    text throws(InvalidValue) in .plus(try PriceDifference(text))
                }
            default: nil
            }
        guard let adjustment else { return nil }
        self = adjustment
    }

    private static func times(_ reader: inout ObjectReader) -> PriceAdjustment? {
        let factor = reader.read(Field(name: "times", example: "1.10"), isRequired: true) {
            text throws(InvalidValue) in try PriceFactor(text)
        }
        var decimals: Int? = decimalsRange.upperBound
        if let value = reader.value(of: "decimals") {
            if case .number(let digits) = value { decimals = Int(digits) } else { decimals = nil }
        }
        guard let decimals, decimalsRange.contains(decimals) else {
            reader.note("decimals", "must be a whole number from 0 to 4")
            return nil
        }
        return factor.map { .times($0, decimals: decimals) }
    }
}

extension ObjectReader {
    /// Whether the member is true; where it is anything else, that is noted.
    fileprivate mutating func readTrue(_ name: String) -> Bool {
        if case .boolean(true)? = value(of: name) { return true }
        note(name, "must be true")
        return false
    }

    fileprivate mutating func refuseMembers(otherThan names: [String], of owner: String) {
        refuseMembers(otherThan: names.map { Field(name: $0) }, of: owner)
    }
}
