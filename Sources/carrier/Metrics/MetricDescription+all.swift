internal import PrometheusMetrics

extension MetricDescription {
    /// In the order of the text at `/metrics`. `scripts/check-documents` compares them with the
    /// table in docs/operations/README.md.
    static let all: [MetricDescription] = [
        .init("build_info", .gauge, "Always 1; the labels are the program's version."),

        .init("http_requests_total", .counter, "Requests, by the pattern of their path."),
        .init(
            "http_request_duration_seconds",
            .histogram([
                0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                1, 2.5, 5, 10,
            ]), "Time until the response began."),
        .init(
            "http_requests_in_flight", .gauge,
            "Requests whose response has not begun, without those from the cache."),

        .init("kept_answers_hits_total", .counter, "Responses from the cache."),
        .init("kept_answers_misses_total", .counter, "Responses that were added to the cache."),
        .init("kept_answers_bytes", .gauge, "The size of the cached responses."),

        .init("database_connections_in_use", .gauge, "Database connections in use, by purpose."),
        .init(
            "database_requests_waiting", .gauge,
            "Requests that wait for a database connection, by purpose."),
        .init("database_commits_total", .counter, "Transactions that wrote."),
        .init(
            "database_requests_per_commit", .histogram([1, 2, 4, 8, 16, 32, 64, 128]),
            "Requests that shared a commit."),
        .init(
            "database_failures_total", .counter,
            "Database errors: busy, interrupted, unavailable or outcome_unknown."),

        .init("sign_ins_total", .counter, "Attempts to sign in: right, wrong, or too_early."),
        .init("sessions", .gauge, "Sessions that have not ended."),
        .init(
            "inventory_numbers", .gauge,
            "Numbers for sale; the currencies with the most, and \"other\" for the rest."),
        .init(
            "inventory_ready", .gauge, "1 if the database has all tables and takes writes, else 0."),

        .init("process_cpu_seconds_total", .counter, "Processor time of the program."),
        .init("process_resident_memory_bytes", .gauge, "Memory of the program."),
        .init("process_open_fds", .gauge, "Open file descriptors."),
        .init("process_max_fds", .gauge, "The limit of open file descriptors."),
        .init("process_start_time_seconds", .gauge, "Start of the program, in seconds since 1970."),
    ]
}
