internal import CLibPQ
internal import Foundation
internal import Inventory
internal import Storage

/// One connection to PostgreSQL.
///
/// Every call blocks the thread it is made on, for ``statementTimeout`` and a little more.
// Unchecked: libpq allows one thread at a time, and the pool lends a connection to one task at a
// time.
final class Connection: @unchecked Sendable {
    /// How long a statement may take.
    ///
    /// The server ends it after that, and where it does not the connection is given up a little
    /// later.
    static let statementTimeout = Duration.seconds(5)

    /// How long a statement waits for a lock of another transaction.
    static let lockTimeout = Duration.seconds(3)

    /// How many statements stay prepared.
    ///
    /// A list may be sorted in some thousand ways, and the server would keep the plans of all of
    /// them.
    static let capacity = 200

    private let handle: OpaquePointer
    private let preparation: Preparation
    private var preparedNames: Set<String> = []

    /// Whether the connection is of no use any more.
    private(set) var isBroken = false

    /// Whether it was given up because no answer came in time: other connections may be well.
    private(set) var isSilent = false

    /// Ends the statement under way within a fraction of a second once it is cancelled.
    private var cancellation: Cancellation?

    /// - Throws: ``PostgresError`` where nobody answers, or says no.
    init(_ address: PostgresAddress, _ preparation: Preparation = Preparation()) throws {
        guard let handle = address.withParameters({ PQconnectdbParams($0, $1, 1) }) else {
            throw PostgresError.lost("out of memory")
        }
        self.handle = handle
        self.preparation = preparation
        guard PQstatus(handle) == CONNECTION_OK else { throw breakOff() }
        // A notice is nothing that anybody waits for.
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        try limitWaits()
    }

    deinit {
        PQfinish(handle)
    }

    /// Has the server end what waits or takes too long.
    func limitWaits() throws {
        try execute(
            """
            SET statement_timeout = \(Self.statementTimeout.inMilliseconds);
            SET lock_timeout = \(Self.lockTimeout.inMilliseconds);
            SET idle_in_transaction_session_timeout = 60000
            """)
    }

    /// Runs one statement, which is prepared the first time.
    ///
    /// - Parameter parameters: What `$1`, `$2` … stand for, in PostgreSQL's text form.
    /// - Parameter isPrepared: False where the best plan depends on the parameters: one that is
    ///   prepared may come to be planned without them
    ///   (https://www.postgresql.org/docs/current/sql-prepare.html#SQL-PREPARE-NOTES).
    /// - Parameter timeout: Nil for as long as it takes.
    /// - Throws: ``PostgresError``.
    @discardableResult
    func query(
        _ sql: String, _ parameters: [String?] = [], isPrepared: Bool = true,
        timeout: Duration? = statementTimeout
    ) throws -> Rows {
        let name = isPrepared && preparation.isOn ? try prepare(sql) : nil
        let copies = parameters.map { $0.map { strdup($0) } }
        defer { copies.forEach { free($0 ?? nil) } }
        let values = copies.map { $0.flatMap { UnsafePointer($0) } }
        return try run(timeout: timeout) {
            if let name {
                PQsendQueryPrepared(handle, name, Int32(values.count), values, nil, nil, 0)
            } else {
                PQsendQueryParams(handle, sql, Int32(values.count), nil, values, nil, nil, 0)
            }
        }
    }

    /// Runs statements that are part of this program, for what they do.
    ///
    /// - Parameter timeout: Nil for as long as it takes.
    /// - Throws: ``PostgresError``.
    func execute(_ statements: String, timeout: Duration? = statementTimeout) throws {
        _ = try run(timeout: timeout) { PQsendQuery(handle, statements) }
    }

    /// Inserts rows with COPY, for as long as it takes.
    ///
    /// - Throws: ``PostgresError``.
    func copy(
        _ rows: [[StoredValue]], _ columns: [StoredColumn], into table: String
    ) throws {
        let statement = "COPY \(table) (\(columns.names)) FROM STDIN"
        _ = try run(timeout: nil, copying: rows.copyText) { PQsendQuery(handle, statement) }
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

    /// Calls `body`, whose statements end if `cancellation` is cancelled.
    ///
    /// - Throws: `CancellationError`, and what `body` throws.
    func cancelled<Value>(
        by cancellation: Cancellation, _ body: () throws -> Value
    ) throws -> Value {
        self.cancellation = cancellation
        defer { self.cancellation = nil }
        return try body()
    }

    /// Sends each statement whole from now on, on every connection that shares this one's
    /// preparation.
    func stopPreparing() { preparation.stop() }

    /// - Parameter rows: What the server is given where it asks for rows.
    private func run(
        timeout: Duration? = statementTimeout, copying rows: [UInt8] = [], _ send: () -> Int32
    ) throws -> Rows {
        try cancellation?.check()
        guard send() == 1 else { throw breakOff() }
        // The server has the first word on what takes too long.
        let deadline = timeout.map { ContinuousClock.now + $0 + .seconds(2) }
        var answer: Rows?
        var failure: PostgresError?
        while let result = try nextResult(before: deadline) {
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK:
                answer = Rows(result)
            case PGRES_COPY_IN:
                PQclear(result)
                try put(rows)
            default:
                failure = failure ?? PostgresError(result)
                PQclear(result)
            }
        }
        if PQstatus(handle) == CONNECTION_BAD { throw breakOff() }
        if let failure {
            try cancellation?.check()
            throw failure
        }
        return answer ?? Rows(nil)
    }

    private func put(_ rows: [UInt8]) throws {
        let isSent = rows.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            return PQputCopyData(handle, start, Int32(bytes.count)) == 1
        }
        guard isSent, PQputCopyEnd(handle, nil) == 1 else { throw breakOff() }
    }

    /// Whether the server is a standby, as PostgreSQL tells its clients from version 14 on.
    var isOnStandby: Bool {
        PQparameterStatus(handle, "in_hot_standby").map { String(cString: $0) == "on" } ?? false
    }

    /// Whether the server has said what nobody asked for: that it ends the connection.
    var wasCut: Bool {
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) != 0
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
            var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
            let remaining = end.map { max(0, ($0 - .now) / .milliseconds(1)) } ?? -1
            let ready = poll(&descriptor, 1, Int32(remaining))
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

    /// Gives the connection up, and returns what libpq says is wrong with it.
    private func breakOff() -> PostgresError {
        isBroken = true
        // On one line, with libpq's hint.
        return .lost(
            String(cString: PQerrorMessage(handle)).split(whereSeparator: \.isWhitespace)
                .joined(separator: " "))
    }
}

extension Duration {
    var inMilliseconds: Int { Int(self / .milliseconds(1)) }
}
