internal import CLibPQ
internal import Foundation
internal import Inventory
internal import Storage

/// A connection to PostgreSQL, whose methods block their thread.
// Unchecked: libpq allows one thread at a time, and the pool lends a connection to one task.
package final class Connection: @unchecked Sendable {
    /// The time limit of a statement on the server. Shortly after it, the connection is abandoned.
    static let statementTimeout = Duration.seconds(5)

    static let lockTimeout = Duration.seconds(3)

    /// How many statements a connection keeps prepared. Lists can be sorted in some thousand
    /// orders, each with its own statement.
    static let capacity = 200

    private let handle: OpaquePointer
    let preparation: Preparation
    private var preparedNames: Set<String> = []

    /// Whether to abandon the connection if a statement takes longer than ``statementTimeout``.
    var hasTimeout = true

    /// Whether the transaction writes, so it locks the numbers that it finds.
    var isWriting = false

    /// See ``PostgresStore/init(_:connections:migrates:finishes:creates:defersIndexes:startTimeout:onWait:onMigration:)``.
    var defersIndexes = false

    private var cancellation: Cancellation?

    private(set) var isBroken = false

    /// Whether the connection was abandoned because the server did not respond in time. Other
    /// connections may still work.
    private(set) var isSilent = false

    init(_ address: PostgresAddress, _ preparation: Preparation = Preparation()) throws {
        guard let handle = address.withParameters({ PQconnectdbParams($0, $1, 1) }) else {
            throw PostgresError.lost("out of memory")
        }
        self.handle = handle
        self.preparation = preparation
        guard PQstatus(handle) == CONNECTION_OK else { throw breakOff() }
        // Ignores notices.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        try limitWaits()
    }

    deinit {
        PQfinish(handle)
    }

    func limitWaits() throws {
        try execute(
            """
            SET statement_timeout = \(Self.statementTimeout.inMilliseconds);
            SET lock_timeout = \(Self.lockTimeout.inMilliseconds);
            SET idle_in_transaction_session_timeout = 60000
            """)
    }

    /// - Parameter isPrepared: False if the best plan depends on the parameters
    ///   (https://www.postgresql.org/docs/current/sql-prepare.html#SQL-PREPARE-NOTES).
    @discardableResult
    func query(
        _ sql: String, _ values: [StoredValue] = [], isPrepared: Bool = true
    ) throws -> Rows {
        let name = isPrepared && preparation.isOn ? try prepare(sql) : nil
        let copies = values.map { $0.encoded.map { strdup($0) } }
        defer { copies.forEach { free($0 ?? nil) } }
        let texts = copies.map { $0.flatMap { UnsafePointer($0) } }
        return try run {
            if let name {
                PQsendQueryPrepared(handle, name, Int32(texts.count), texts, nil, nil, 0)
            } else {
                PQsendQueryParams(handle, sql, Int32(texts.count), nil, texts, nil, nil, 0)
            }
        }
    }

    /// Runs statements without parameters.
    func execute(_ statements: String) throws {
        _ = try run { PQsendQuery(handle, statements) }
    }

    func copy(
        _ rows: [[StoredValue]], _ columns: [StoredColumn], into table: String
    ) throws {
        let statement = "COPY \(table) (\(columns.names)) FROM STDIN"
        _ = try run(copying: rows.copyText) { PQsendQuery(handle, statement) }
    }

    private func prepare(_ sql: String) throws -> String {
        let name = Preparation.name(of: sql)
        guard !preparedNames.contains(name) else { return name }
        if preparedNames.count >= Self.capacity {
            try execute("DEALLOCATE ALL")
            preparedNames = []
        }
        _ = try run { PQsendPrepare(handle, name, sql, 0, nil) }
        preparedNames.insert(name)
        return name
    }

    /// Calls `body`. After `cancellation`, its statement soon fails with `CancellationError`.
    func cancelled<Value>(
        by cancellation: Cancellation?, _ body: () throws -> Value
    ) throws -> Value {
        self.cancellation = cancellation
        defer { self.cancellation = nil }
        return try body()
    }

    /// - Parameter rows: What to send if the server requests rows.
    private func run(copying rows: [UInt8] = [], _ send: () -> Int32) throws -> Rows {
        try cancellation?.check()
        guard send() == 1 else { throw breakOff() }
        // If the server responds at all, its own timeout ends the statement before this deadline.
        let deadline =
            hasTimeout ? ContinuousClock.now + Self.statementTimeout + .seconds(2) : nil
        var response: Rows?
        var error: PostgresError?
        while let result = try nextResult(before: deadline) {
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
                response = Rows(result)
            case PGRES_COPY_IN:
                PQclear(result)
                try put(rows)
            default:
                error = error ?? PostgresError(result)
                PQclear(result)
            }
        }
        if PQstatus(handle) == CONNECTION_BAD { throw breakOff() }
        if let error {
            try cancellation?.check()
            throw error
        }
        return response ?? Rows(nil)
    }

    private func put(_ rows: [UInt8]) throws {
        let isSent = rows.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            return PQputCopyData(handle, start, Int32(bytes.count)) == 1
        }
        guard isSent, PQputCopyEnd(handle, nil) == 1 else { throw breakOff() }
    }

    /// Whether the server is a standby. Servers report it from version 14 on.
    var isOnStandby: Bool {
        PQparameterStatus(handle, "in_hot_standby").map { String(cString: $0) == "on" } ?? false
    }

    /// Whether the server has ended the idle connection.
    var wasCut: Bool { poll(forMilliseconds: 0) != 0 }

    private func poll(forMilliseconds timeout: Int32) -> Int32 {
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        return Foundation.poll(&descriptor, 1, timeout)
    }

    private func nextResult(before deadline: ContinuousClock.Instant?) throws -> OpaquePointer? {
        var isCancelled = false
        while PQisBusy(handle) == 1 {
            if !isCancelled, cancellation?.isCancelled == true {
                isCancelled = true
                cancelStatement()
            }
            let wake = cancellation.map { _ in ContinuousClock.now + .milliseconds(100) }
            let end = [deadline, wake].compactMap { $0 }.min()
            let ready = poll(
                forMilliseconds: end.map { Int32(max(0, ($0 - .now) / .milliseconds(1))) } ?? -1)
            if ready == 0, end == deadline {
                (isBroken, isSilent) = (true, true)
                throw PostgresError.lost("the server is silent")
            }
            if ready == 0 || (ready < 0 && errno == EINTR) { continue }
            guard PQconsumeInput(handle) == 1 else { throw breakOff() }
        }
        return PQgetResult(handle)
    }

    private func cancelStatement() {
        let cancel = PQgetCancel(handle)
        defer { PQfreeCancel(cancel) }
        var message = [CChar](repeating: 0, count: 256)
        _ = PQcancel(cancel, &message, Int32(message.count))
    }

    /// Abandons the connection, and returns libpq's reason on one line.
    private func breakOff() -> PostgresError {
        isBroken = true
        return .lost(
            String(cString: PQerrorMessage(handle)).split(whereSeparator: \.isWhitespace)
                .joined(separator: " "))
    }
}

extension Duration {
    var inMilliseconds: Int { Int(self / .milliseconds(1)) }
}
