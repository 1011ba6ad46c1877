internal import Dispatch
internal import Synchronization

/// Hands one element after the other from a thread, which may block, to a task, which may not.
///
/// One element lies between them: the next is made while the last is used, and whoever is quicker
/// waits.
package final class RendezvousChannel<Element: Sendable>: Sendable {
    /// The elements are not taken any more, or not in time.
    package struct Abandoned: Error {}

    private enum End {
        case success
        case failure(any Error)
    }

    private struct State {
        var element: Element?
        var taker: CheckedContinuation<Element?, any Error>?
        var end: End?
        var isAbandoned = false
    }

    private let state = Mutex(State())
    private let hasRoom = DispatchSemaphore(value: 0)

    package init() {}

    /// Waits until there is room for `element`, on the calling thread.
    ///
    /// - Throws: ``Abandoned`` where nobody takes elements any more, or none is taken by
    ///   `deadline`.
    package func give(
        _ element: Element, before deadline: ContinuousClock.Instant
    ) throws(Abandoned) {
        while !(try offer(element)) {
            let seconds = (deadline - .now) / .seconds(1)
            guard hasRoom.wait(timeout: .now() + seconds) == .success else { throw Abandoned() }
        }
    }

    /// Ends the elements, with an error where there should have been more.
    package func finish(throwing error: (any Error)? = nil) {
        let taker = state.withLock { state in
            state.end = error.map(End.failure) ?? .success
            defer { state.taker = nil }
            return state.taker
        }
        if let error { taker?.resume(throwing: error) } else { taker?.resume(returning: nil) }
    }

    /// The next element; nil after the last.
    ///
    /// - Throws: What ends the elements.
    package func next() async throws -> Element? {
        try await withCheckedThrowingContinuation { taker in
            state.withLock { state in
                if let element = state.element {
                    state.element = nil
                    hasRoom.signal()
                    taker.resume(returning: element)
                } else if let end = state.end {
                    if case .failure(let error) = end {
                        taker.resume(throwing: error)
                    } else {
                        taker.resume(returning: nil)
                    }
                } else {
                    state.taker = taker
                }
            }
        }
    }

    /// Lets the thread know that nobody takes elements any more.
    package func abandon() {
        state.withLock { $0.isAbandoned = true }
        hasRoom.signal()
    }

    /// Whether the element was taken, or lies there to be taken.
    private func offer(_ element: Element) throws(Abandoned) -> Bool {
        let (isAbandoned, isTaken) = state.withLock { state in
            guard !state.isAbandoned else { return (true, false) }
            if let taker = state.taker {
                state.taker = nil
                taker.resume(returning: element)
            } else if state.element == nil {
                state.element = element
            } else {
                return (false, false)
            }
            return (false, true)
        }
        if isAbandoned { throw Abandoned() }
        return isTaken
    }
}
