internal import Dispatch
internal import Synchronization

/// The elements of an iterator in batches, the next of which is made on a thread of its own while
/// the last one is being used.
///
/// There is never more than one batch ahead, so memory is bounded.
package final class ReadAhead<Base: IteratorProtocol & Sendable>: Sendable
where Base.Element: Sendable {
    private struct State: Sendable {
        var base: Base
        var batch: [Base.Element] = []
    }

    private let batchCount: Int
    private let state: Mutex<State>
    private let isMade = DispatchSemaphore(value: 0)
    private let thread = BlockingThreadPool(count: 1, mostWaiting: 1)

    /// - Parameter batchCount: How many elements a batch has, where there are as many.
    package init(_ base: Base, batchCount: Int) {
        self.batchCount = batchCount
        state = Mutex(State(base: base))
        makeNext()
    }

    /// The next batch, which is empty where there is nothing more.
    ///
    /// It is waited for on the calling thread.
    package func next() -> [Base.Element] {
        isMade.wait()
        let batch = state.withLock { state in
            defer { state.batch = [] }
            return state.batch
        }
        makeNext()
        return batch
    }

    private func makeNext() {
        thread.submit { [self] in
            state.withLock { state in
                while state.batch.count < batchCount, let element = state.base.next() {
                    state.batch.append(element)
                }
            }
            isMade.signal()
        }
    }
}
