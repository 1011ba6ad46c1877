internal import CLibPQ
internal import Inventory
internal import Storage

/// An error of PostgreSQL or libpq, for the log only: its text may name tables and hosts.
struct PostgresError: OperatorError, CustomStringConvertible {
    /// https://www.postgresql.org/docs/current/errcodes-appendix.html; nil for an error of libpq.
    let sqlState: String?
    var constraint: String?
    let description: String

    /// No connection was opened, or it was lost. The outcome of a running statement is unknown.
    static func lost(_ reason: String) -> PostgresError {
        PostgresError(sqlState: nil, description: reason)
    }

    /// An error after which the transaction is retried.
    static func conflict(_ reason: String) -> PostgresError {
        PostgresError(sqlState: "40001", description: reason)
    }

    /// Whether another transaction conflicted: a retry succeeds, or sees what the other has
    /// written.
    var isConflict: Bool {
        ["40001", "40P01"].contains(sqlState)
            || ["number_digits_unique", "change_by_origin"].contains(constraint)
    }

    /// Whether the id of a number exists already. In an undo, a retry helps, because another undo
    /// has just restored the number. In a create, a retry does not help, because the sequence is
    /// behind the ids.
    var isConflictOfIDs: Bool { constraint == "number_pkey" }

    /// Whether the same request may succeed later.
    var isTransient: Bool {
        guard let sqlState else { return true }
        // These classes are connection exceptions, insufficient resources, operator intervention
        // (also shutdowns and the statement timeout), and system errors.
        return isConflict || ["08", "53", "57", "58"].contains(String(sqlState.prefix(2)))
            // On a standby, writes and table locks fail.
            || ["25006", "55000"].contains(sqlState) || isLockTimeout || isPermissionDenied
    }

    var isLockTimeout: Bool { sqlState == "55P03" }
    var isStatementTimeout: Bool { sqlState == "57014" }
    var isPermissionDenied: Bool { sqlState == "42501" }

    /// Whether the outcome of a transaction that was being committed is unknown.
    var leavesOutcomeUnknown: Bool {
        // The server did not respond, the connection broke, or an operator ended the commit while
        // it waited for a standby.
        sqlState.map { $0.hasPrefix("08") || $0.hasPrefix("57P") } ?? true
    }

    package var advice: String {
        switch sqlState {
        case nil: "The connection to the database failed: \(description)."
        case "42501":
            """
            The role may not do this (\(description)). Grant it SELECT, INSERT, UPDATE and DELETE on all \
            tables, TEMPORARY on the database, and CREATE on the schema to create or migrate \
            tables; or connect as another role.
            """
        case "25006":
            """
            The database is read only: it is a standby, or default_transaction_read_only is on. Connect \
            to the primary, or as another role.
            """
        case "53100":
            "The disk of the database server is full. Free some space there, then try again."
        default: "The database reports: \(description)."
        }
    }

    /// Whether the server does not know the name of a prepared statement, or already has a
    /// statement of this name: see ``Preparation``.
    var isAboutPreparation: Bool { ["26000", "42P05"].contains(sqlState) }
}

extension PostgresError {
    init(_ result: OpaquePointer) {
        func field(_ code: Int) -> String? {
            PQresultErrorField(result, Int32(code)).map { String(cString: $0) }
        }
        self.init(
            sqlState: field(CLIBPQ_SQLSTATE), constraint: field(CLIBPQ_CONSTRAINT_NAME),
            description: field(CLIBPQ_MESSAGE_PRIMARY) ?? "no message")
    }
}
