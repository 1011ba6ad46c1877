import Testing

/// Waits for what others reach in their own time; a machine may be slow.
func until(_ condition: () throws -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while try !condition() {
        try #require(ContinuousClock.now < end, "It did not come.")
        try await Task.sleep(for: .milliseconds(5))
    }
}
