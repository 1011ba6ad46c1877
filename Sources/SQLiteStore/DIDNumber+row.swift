internal import GRDB
internal import Inventory

/// The table `number` and its columns.
enum NumberTable {
    static let name = "number"

    static let id = Column("id")
    static let digits = Column("digits")
    static let value = Column("value")
    static let monthyPrice = Column("monthyPrice")
    static let setupPrice = Column("setupPrice")
    static let currency = Column("currency")
    static let version = Column("version")
}

extension DIDNumber: FetchableRecord, PersistableRecord {
    static let databaseTableName = NumberTable.name

    static var databaseSelection: [any SQLSelectable] {
        [
            NumberTable.id, NumberTable.digits, NumberTable.value, NumberTable.monthyPrice,
            NumberTable.setupPrice, NumberTable.currency, NumberTable.version,
        ]
    }

    /// Reads the columns by position, in the order of `databaseSelection`.
    init(row: Row) {
        self.init(
            id: row[0], value: PhoneNumber(storedDigits: row[1], formatted: row[2]),
            monthyPrice: Price(storedTenThousandths: row[3]),
            setupPrice: Price(storedTenThousandths: row[4]),
            currency: Currency(storedSymbol: row[5]), version: row[6])
    }

    func encode(to container: inout PersistenceContainer) {
        NumberDraft(self).encode(to: &container)
        container[NumberTable.id] = id
        container[NumberTable.version] = version
    }
}

/// A row that has no id yet.
extension NumberDraft: PersistableRecord {
    static let databaseTableName = NumberTable.name

    func encode(to container: inout PersistenceContainer) {
        container[NumberTable.digits] = value.digits
        container[NumberTable.value] = value.formatted
        container[NumberTable.monthyPrice] = monthyPrice.tenThousandths
        container[NumberTable.setupPrice] = setupPrice.tenThousandths
        container[NumberTable.currency] = currency.symbol
    }
}
