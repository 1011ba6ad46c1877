internal import CLibPQ
internal import Crypto
internal import Foundation
internal import Synchronization

/// One connection to PostgreSQL.
///
/// Every call blocks the thread it is made on, for ``patience`` at most.
// Unchecked: libpq allows one thread at a time, and the pool lends a connection to one task at a
// time.
final class Connection: @unchecked Sendable {
    /// How long a statement may take, in seconds.
    ///
    /// The server ends it after that, and where it does not the connection is given up a little
    /// later.
    static let patience = 5.0

    /// How many statements stay prepared.
    ///
    /// A list may be sorted in some thousand ways, and the server would keep the plans of all of
    /// them.
    static let capacity = 200

    /// How long a statement waits for a row or a table that another transaction holds, in seconds.
    private static let lockPatience = 3.0

    private let handle: OpaquePointer
    private let preparation: Preparation
    /// The names of prepared statements by their SQL.
    private var preparedStatements: [String: String] = [:]

    /// - Throws: ``PostgresError`` where nobody answers, or says no.
    init(_ address: PostgresAddress, preparation: Preparation = Preparation()) throws {
        self.preparation = preparation
        guard let handle = address.withParameters({ PQconnectdbParams($0, $1, 1) }) else {
            throw PostgresError.lost("out of memory")
        }
        self.handle = handle
        guard PQstatus(handle) == CONNECTION_OK else { throw lastError }
        // A notice is nothing that anybody waits for.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        try execute(
            """
            SET client_encoding = 'UTF8'; SET statement_timeout = \(Int(Self.patience * 1000));
            SET lock_timeout = \(Int(Self.lockPatience * 1000));
            SET idle_in_transaction_session_timeout = 60000
            """)
    }

    deinit {
        PQfinish(handle)
    }

    /// Of no use any more.
    private(set) var isBroken = false

    /// Runs one statement, which is prepared the first time where that is possible.
    ///
    /// - Parameter parameters: What `$1`, `$2` … stand for, in PostgreSQL's text form.
    /// - Parameter timeout: In seconds; nil for as long as it takes.
    /// - Throws: ``PostgresError``.
    @discardableResult
    func query(
        _ sql: String, _ parameters: [String?] = [], timeout: Double? = patience
    ) throws -> Rows {
        let name = preparation.isPossible ? try prepare(sql) : nil
        let copies = parameters.map { $0.map { strdup($0) } }
        defer { copies.forEach { free($0 ?? nil) } }
        let values = copies.map { $0.flatMap { UnsafePointer($0) } }
        return try run(timeout: timeout) {
            guard let name else {
                return PQsendQueryParams(
                    handle, sql, Int32(values.count), nil, values, nil, nil, 0)
            }
            return PQsendQueryPrepared(handle, name, Int32(values.count), values, nil, nil, 0)
        }
    }

    /// Runs statements that are part of this program, for what they do.
    ///
    /// - Parameter timeout: In seconds; nil for as long as it takes.
    /// - Throws: ``PostgresError``.
    func execute(_ statements: String, timeout: Double? = patience) throws {
        _ = try run(timeout: timeout) { PQsendQuery(handle, statements) }
    }

    private func prepare(_ sql: String) throws -> String {
        if let name = preparedStatements[sql] { return name }
        if preparedStatements.count >= Self.capacity {
            try execute("DEALLOCATE ALL")
            preparedStatements = [:]
        }
        // The same statement has the same name on all connections of all programs: where a proxy lends
        // one of the server's to several of them, a name never stands for another statement.
        let digest = SHA256.hash(data: Data(sql.utf8)).prefix(16)
        let name = "carrier_" + digest.map { String($0, radix: 16) }.joined(separator: "_")
        _ = try run { PQsendPrepare(handle, name, sql, 0, nil) }
        preparedStatements[sql] = name
        return name
    }

    private func run(timeout: Double? = patience, _ send: () -> Int32) throws -> Rows {
        guard send() == 1 else { throw lastError }
        // The server has the first word on what takes too long.
        let deadline = timeout.map { ContinuousClock.now + .seconds($0 + 2) }
        var rows: Rows?
        var failure: PostgresError?
        while let result = try nextResult(before: deadline) {
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
                rows = Rows(result)
            default:
                failure = failure ?? PostgresError(result)
                PQclear(result)
            }
        }
        if PQstatus(handle) == CONNECTION_BAD { throw lastError }
        if let failure {
            if failure.isOfPreparation { preparation.giveUp() }
            throw failure
        }
        return rows ?? Rows(nil)
    }

    private func nextResult(before deadline: ContinuousClock.Instant?) throws -> OpaquePointer? {
        while PQisBusy(handle) == 1 {
            var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            let remaining = deadline.map { max(0, ($0 - .now) / .milliseconds(1)) } ?? -1
            let ready = poll(&descriptor, 1, Int32(remaining))
            if ready == 0 {
                isBroken = true
                throw PostgresError.lost("the server is silent")
            }
            if ready < 0, errno == EINTR { continue }
            guard PQconsumeInput(handle) == 1 else { throw lastError }
        }
        return PQgetResult(handle)
    }

    /// Of the connection, which is broken by it.
    private var lastError: PostgresError {
        isBroken = true
        return .lost(
            String(cString: PQerrorMessage(handle)).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

/// Whether statements can be prepared on the connections of a pool.
///
/// Behind a proxy that lends a connection of the server for one transaction at a time (PgBouncer), what
/// was prepared is elsewhere the next time. Once that is noticed, statements are sent whole.
final class Preparation: Sendable {
    private let isImpossible = Atomic(false)

    var isPossible: Bool { !isImpossible.load(ordering: .relaxed) }

    func giveUp() {
        isImpossible.store(true, ordering: .relaxed)
    }
}

/// What a query answered, in PostgreSQL's text form.
final class Rows {
    private let result: OpaquePointer?

    fileprivate init(_ result: OpaquePointer?) {
        self.result = result
    }

    deinit {
        PQclear(result)
    }

    var count: Int { result.map { Int(PQntuples($0)) } ?? 0 }

    /// How many rows a statement has changed.
    var changedCount: Int {
        result.flatMap { PQcmdTuples($0) }.flatMap { Int(String(cString: $0)) } ?? 0
    }

    func map<Value>(_ body: (Row) throws -> Value) throws -> [Value] {
        guard let result else { return [] }
        return try (0..<count).map { try body(Row(result: result, index: Int32($0))) }
    }

    func first<Value>(_ body: (Row) throws -> Value) throws -> Value? {
        guard let result, count > 0 else { return nil }
        return try body(Row(result: result, index: 0))
    }
}

/// One row, whose columns are asked for by position.
struct Row {
    fileprivate let result: OpaquePointer
    fileprivate let index: Int32

    func text(_ column: Int32) -> String {
        String(cString: PQgetvalue(result, index, column))
    }

    /// - Throws: ``PostgresError`` where it is no integer.
    func integer(_ column: Int32) throws -> Int64 {
        guard let value = Int64(text(column)) else {
            throw PostgresError(
                sqlState: "22P02", constraint: nil, description: "column \(column) is no integer")
        }
        return value
    }
}
