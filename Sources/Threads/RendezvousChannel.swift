internal import Dispatch
internal import Synchronization

/// Passes elements from a thread, which may block, to a task, which may not. It buffers one
/// element: the thread prepares the next while the task uses the last.
package final class RendezvousChannel<Element: Sendable>: Sendable {
    /// The task stopped taking elements, or was too slow.
    package struct Abandoned: Error {}

    private struct State {
        var element: Element?
        var taker: CheckedContinuation<Element?, any Error>?
        /// What follows the last element: nil, or an error if the elements are incomplete.
        var end: Result<Element?, any Error>?
        var isAbandoned = false
    }

    private let state = Mutex(State())
    private let hasRoom = DispatchSemaphore(value: 0)

    package init() {}

    /// Blocks until there is room for `element`.
    ///
    /// - Throws: ``Abandoned`` after ``abandon()``, or if there is no room by `deadline`.
    package func give(
        _ element: Element, before deadline: ContinuousClock.Instant
    ) throws(Abandoned) {
        while !(try offer(element)) {
            let seconds = (deadline - .now) / .seconds(1)
            guard hasRoom.wait(timeout: .now() + seconds) == .success else { throw Abandoned() }
        }
    }

    /// Ends the elements, with an error if they are incomplete.
    package func finish(throwing error: (any Error)? = nil) {
        let end = error.map(Result<Element?, any Error>.failure) ?? .success(nil)
        let taker = state.withLock { state in
            state.end = end
            defer { state.taker = nil }
            return state.taker
        }
        taker?.resume(with: end)
    }

    /// Returns the next element; nil after the last.
    ///
    /// - Throws: The error of ``finish(throwing:)``.
    package func next() async throws -> Element? {
        try await withCheckedThrowingContinuation { taker in
            state.withLock { state in
                if let element = state.element {
                    state.element = nil
                    hasRoom.signal()
                    taker.resume(returning: element)
                } else if let end = state.end {
                    taker.resume(with: end)
                } else {
                    state.taker = taker
                }
            }
        }
    }

    package func abandon() {
        state.withLock { $0.isAbandoned = true }
        hasRoom.signal()
    }

    /// Returns false if there is no room.
    private func offer(_ element: Element) throws(Abandoned) -> Bool {
        try state.withLock { state throws(Abandoned) in
            guard !state.isAbandoned else { throw Abandoned() }
            if let taker = state.taker {
                state.taker = nil
                taker.resume(returning: element)
            } else if state.element == nil {
                state.element = element
            } else {
                return false
            }
            return true
        }
    }
}
