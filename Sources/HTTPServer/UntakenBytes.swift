internal import NIOCore

/// Measures how long a client does not take what was written to it.
struct UntakenBytes {
    var written = 0
    private var taken = 0
    private var duration = TimeAmount.zero

    /// Whether the client has taken next to nothing for too long.
    ///
    /// Call it in every check.
    ///
    /// - Parameter buffered: How many bytes wait for the client.
    mutating func isTooOld(buffered: Int, _ limits: ConnectionLimits) -> Bool {
        let progress = written - buffered - taken
        taken += progress
        let isTaking = buffered == 0 || progress >= limits.leastProgress
        duration = isTaking ? .zero : duration + limits.checkInterval
        return duration >= limits.answerTimeout
    }
}
