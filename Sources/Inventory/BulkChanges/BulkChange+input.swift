internal import JSON

extension BulkChange {
    package init(_ input: ObjectReader) throws(InventoryError) {
        self = try input.read(
            only: ["select", "set", "delete"], of: "a change of many numbers"
        ) { reader in
            let selection = reader.readObject("select") { Selection(&$0) }
            if selection == nil, reader.errors.isEmpty { reader.note("select", "is required") }
            let action: Action? =
                switch reader.one(of: ["set", "delete"]) {
                case "set": reader.readObject("set") { Adjustments(&$0) }.map(Action.set)
                case "delete": reader.readTrue("delete") ? .delete : nil
                default: nil
                }
            guard let selection, let action else { return nil }
            return BulkChange(selection, action)
        }
    }
}

extension Selection {
    fileprivate init?(_ reader: inout ObjectReader) {
        let names = ["ids"] + NumberFilter.names + ["all"]
        reader.nullReason = "must not be null: leave it out"
        reader.refuseMembers(otherThan: names, insteadOf: "a member of a selection")
        if let name = ["all", "ids"].first(where: reader.has), names.count(where: reader.has) > 1 {
            reader.note(name, "must be the only member of select")
            return nil
        }
        if NumberFilter.names.contains(where: reader.has) {
            // An empty filter would select all numbers, which must be requested with `all`.
            let error = InvalidValue("must have a digit; use all for all numbers")
            let filter = NumberFilter(&reader, withoutDigits: error)
            if case .digits(let digits, let others) = filter.search, let other = others.first {
                reader.note(
                    "q", "can mean \(digits) within a number, or +\(other): use prefix, or ids")
            }
            if let suffix = filter.suffix, suffix.isDialed {
                reader.note("suffix", "begins with 0: write \(suffix.digits), or use ids")
            }
            self = .matching(filter)
            return
        }
        switch reader.one(of: names) {
        case "ids":
            guard let ids = reader.ids() else { return nil }
            self = .ids(ids)
        case "all" where reader.readTrue("all"): self = .all
        default: return nil
        }
    }
}

extension Adjustments {
    fileprivate init?(_ reader: inout ObjectReader) {
        self.init()
        let currencyName = NumberContent.Member.currency.rawValue
        for price in NumberContent.Member.prices {
            prices[price] = reader.readObject(price.rawValue) { PriceAdjustment(&$0) }
        }
        currency = reader.readObject(currencyName) { reader in
            reader.refuseMembers(
                otherThan: ["to"], insteadOf: "a member of a currency change")
            return reader.read("to", example: "U$", isRequired: true, Currency.init(_:))
        }
        reader.refuseMembers(
            otherThan: NumberContent.Member.prices.map(\.rawValue) + [currencyName],
            insteadOf: "a member of set")
        if self == Adjustments(), reader.errors.isEmpty {
            reader.note(nil, "must have one member at least")
        }
    }
}

extension PriceAdjustment {
    fileprivate init?(_ reader: inout ObjectReader) {
        reader.refuseMembers(
            otherThan: ["to", "times", "decimals", "plus"],
            insteadOf: "a member of a price change")
        let kind = reader.one(of: ["to", "times", "plus"])
        if kind != "times", reader.has("decimals") {
            reader.note("decimals", "goes with times only")
        }
        let adjustment: PriceAdjustment? =
            switch kind {
            case "to":
                reader.read(
                    "to", example: "3.40", plural: "prices", isRequired: true, Price.init(_:)
                ).map { .to($0) }
            case "times": Self.times(&reader)
            case "plus":
                reader.read("plus", example: "-0.01", isRequired: true, PriceDifference.init(_:))
                    .map { .plus($0) }
            default: nil
            }
        guard let adjustment else { return nil }
        self = adjustment
    }

    private static func times(_ reader: inout ObjectReader) -> PriceAdjustment? {
        let factor = reader.read("times", example: "1.10", isRequired: true, PriceFactor.init(_:))
        let decimals: Int? =
            switch reader.value(of: "decimals") {
            case nil: decimalsRange.upperBound
            case .number(let digits)?: Int(digits)
            default: nil
            }
        guard let decimals, decimalsRange.contains(decimals) else {
            reader.note("decimals", "must be a whole number from 0 to 4")
            return nil
        }
        return factor.map { .times($0, decimals: decimals) }
    }
}

extension ObjectReader {
    fileprivate mutating func ids() -> [Int64]? {
        if case .array(let elements)? = value(of: "ids") {
            let ids = elements.compactMap { element in
                if case .number(let digits) = element { Int64(digits) } else { nil }
            }
            if ids.count == elements.count, ids.allSatisfy({ $0 > 0 }) { return ids }
        }
        note("ids", "must be a list of ids such as [1, 2]")
        return nil
    }

    fileprivate mutating func readTrue(_ name: String) -> Bool {
        if case .boolean(true)? = value(of: name) { return true }
        note(name, "must be true")
        return false
    }
}
