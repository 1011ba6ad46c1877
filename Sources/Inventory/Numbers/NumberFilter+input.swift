extension NumberFilter {
    /// What a filter is read from, in the order in which it is told.
    package static let names =
        [search, prefix, currency].map(\.name)
        + NumberContent.Member.prices.flatMap { [$0.lowerBound.name, $0.upperBound.name] }

    private static let search = Field(name: "q")
    private static let prefix = Field(name: "prefix", example: "5584")
    private static let currency = Field(name: "currency", example: "U$")

    /// Reads what a client wrote, and notes every error.
    ///
    /// - Parameter refusal: Why digits to look for that have no digit are refused; nil where they
    ///   filter nothing.
    package init(_ reader: inout ObjectReader, withoutDigits refusal: InvalidValue? = nil) {
        self.init()
        search =
            reader.read(Self.search, isRequired: false) { text throws(InvalidValue) in
                let search = Search(text)
                if search == .all, let refusal { throw refusal }
                return search
            } ?? .all
        prefix =
            reader.read(Self.prefix, isRequired: false) { text throws(InvalidValue) in
                let prefix = try DigitPrefix(text)
                if prefix == nil, let refusal { throw refusal }
                return prefix
            } ?? nil
        currency = reader.read(Self.currency, isRequired: false) { text throws(InvalidValue) in
            try Currency(text)
        }
        for member in NumberContent.Member.prices { prices[member] = reader.readRange(of: member) }
    }
}

extension ObjectReader {
    /// The amounts that a price may have; nil where nothing is said of it, or an error was noted.
    fileprivate mutating func readRange(
        of member: NumberContent.Member
    ) -> ClosedRange<Price>? {
        let from = read(member.lowerBound, isRequired: false) { text throws(InvalidValue) in
            try Price(text)
        }
        let to = read(member.upperBound, isRequired: false) { text throws(InvalidValue) in
            try Price(text)
        }
        guard from != nil || to != nil else { return nil }
        let (least, most) = (from ?? .zero, to ?? .greatest)
        guard least <= most else {
            note(
                member.lowerBound.name,
                "must not be greater than \(member.upperBound.name), which is \(most)")
            return nil
        }
        return least...most
    }
}

extension NumberContent.Member {
    fileprivate var lowerBound: Field { bound("From") }
    fileprivate var upperBound: Field { bound("To") }

    private func bound(_ ending: String) -> Field {
        Field(name: rawValue + ending, example: "3.40", plural: "prices")
    }
}
