internal import CLibPQ
internal import Inventory

/// What PostgreSQL, or the way to it, says is wrong.
///
/// For the log: the text is the server's, and tells of tables and hosts.
struct PostgresError: Error, CustomStringConvertible {
    /// https://www.postgresql.org/docs/current/errcodes-appendix.html; nil where it is no answer of
    /// the server.
    let sqlState: String?
    /// The name of the constraint that was broken.
    let constraint: String?
    let description: String

    /// The connection is gone or never was: what was under way may have happened or not.
    static func lost(_ reason: String) -> PostgresError {
        PostgresError(sqlState: nil, constraint: nil, description: reason)
    }

    init(sqlState: String?, constraint: String?, description: String) {
        self.sqlState = sqlState
        self.constraint = constraint
        self.description = description
    }

    init(_ result: OpaquePointer) {
        func field(_ code: Int) -> String? {
            PQresultErrorField(result, Int32(code)).map { String(cString: $0) }
        }
        self.init(
            sqlState: field(CLIBPQ_SQLSTATE), constraint: field(CLIBPQ_CONSTRAINT_NAME),
            description: field(CLIBPQ_MESSAGE_PRIMARY) ?? "no message")
    }

    /// Whether another transaction was in the way, and the same one would go through now.
    var isConflict: Bool { ["40001", "40P01"].contains(sqlState) }

    /// Whether a prepared statement is not where it was prepared, or is there already.
    var isOfPreparation: Bool { ["26000", "42P05"].contains(sqlState) }

    /// Whether a COMMIT that was answered so may have happened: the server was ending while it waited,
    /// for its disk or for another server that shall have the transaction too.
    var leavesCommitOpen: Bool {
        guard let sqlState else { return true }
        return sqlState.hasPrefix("08") || sqlState.hasPrefix("57P")
    }

    /// Whether the same request may succeed later, without anybody changing the program.
    var isPassing: Bool {
        guard let sqlState else { return true }
        // Connection exceptions, insufficient resources, intervention by an operator (among them
        // shutdowns and the statement timeout), errors of the system below.
        return isConflict || ["08", "53", "57", "58"].contains(String(sqlState.prefix(2)))
            // A lock that was not to be had in time; a standby, where nothing can be written and no
            // table locked.
            || ["55P03", "25006", "55000"].contains(sqlState)
    }
}
