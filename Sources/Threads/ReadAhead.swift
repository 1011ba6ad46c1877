internal import Dispatch
internal import Synchronization

/// Batches of an iterator's elements. Another thread prepares the next batch, and only that one.
package final class ReadAhead<Base: IteratorProtocol & Sendable>: Sendable
where Base.Element: Sendable {
    private struct State: Sendable {
        var base: Base
        var batch: [Base.Element] = []
    }

    private let batchCount: Int
    private let state: Mutex<State>
    private let isPrepared = DispatchSemaphore(value: 0)
    private let thread = BlockingThreadPool(count: 1, mostWaiting: 1)

    /// - Parameter batchCount: The size of a batch; the last one may be smaller.
    package init(_ base: Base, batchCount: Int) {
        self.batchCount = batchCount
        state = Mutex(State(base: base))
        prepareNext()
    }

    /// Blocks until the next batch is prepared. It is empty after the last element.
    package func next() -> [Base.Element] {
        isPrepared.wait()
        let batch = state.withLock { state in
            defer { state.batch = [] }
            return state.batch
        }
        prepareNext()
        return batch
    }

    private func prepareNext() {
        thread.submit { [self] in
            state.withLock { state in
                while state.batch.count < batchCount, let element = state.base.next() {
                    state.batch.append(element)
                }
            }
            isPrepared.signal()
        }
    }
}
