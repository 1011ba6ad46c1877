internal import PrometheusMetrics

extension MetricDescription {
    /// All metrics that the program tells, in the order in which it does.
    ///
    /// A test holds the table in docs/operations/README.md against it.
    static let all: [MetricDescription] = [
        MetricDescription(
            "build_info", .gauge, "Always 1; the labels tell which program this is."),

        MetricDescription(
            "http_requests_total", .counter,
            "Requests that were answered, by the pattern of their path."),
        MetricDescription(
            "http_request_duration_seconds",
            .histogram([
                0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                1, 2.5, 5, 10,
            ]), "How long it took until an answer began."),
        MetricDescription(
            "http_requests_in_flight", .gauge,
            "Requests whose response has not begun, without those that a cached one answers at once."
        ),

        MetricDescription(
            "kept_answers_hits_total", .counter, "Responses from the cache."),
        MetricDescription(
            "kept_answers_misses_total", .counter,
            "Responses that were added to the cache."),
        MetricDescription("kept_answers_bytes", .gauge, "The size of the cached responses."),

        MetricDescription(
            "database_connections_in_use", .gauge,
            "Connections to the database that are at work, by purpose."),
        MetricDescription(
            "database_requests_waiting", .gauge,
            "Requests that wait for a connection to the database, by purpose."),
        MetricDescription("database_commits_total", .counter, "Transactions that wrote."),
        MetricDescription(
            "database_requests_per_commit", .histogram([1, 2, 4, 8, 16, 32, 64, 128]),
            "How many requests shared a commit."),
        MetricDescription(
            "database_failures_total", .counter,
            "What the database failed in: busy, interrupted, unavailable or outcome_unknown."),

        MetricDescription(
            "sign_ins_total", .counter,
            "Passwords that were shown: right, wrong, or too_early and told to wait."),
        MetricDescription("sessions", .gauge, "Sessions that have not ended."),
        MetricDescription(
            "inventory_numbers", .gauge,
            "Numbers for sale; the currencies with the most, and \"other\" for the rest."),
        MetricDescription(
            "inventory_ready", .gauge,
            "1 where the database has all tables and takes writes, else 0."),

        MetricDescription(
            "process_cpu_seconds_total", .counter, "Time of processors that the program has used."),
        MetricDescription(
            "process_resident_memory_bytes", .gauge, "Memory that the program occupies."),
        MetricDescription("process_open_fds", .gauge, "File descriptors that are open."),
        MetricDescription("process_max_fds", .gauge, "File descriptors that there may be."),
        MetricDescription(
            "process_start_time_seconds", .gauge,
            "When the program started, in seconds since 1970."),
    ]
}
