import Inventory
@testable import PostgresStore
import Storage
import StoreTesting
import Synchronization
import Testing

/// Requests that arrive while others are running share a batch; each has its own outcome.
@Suite struct RequestBatcherTests {
    /// Responds to each request with its own number, after ``release()`` was called.
    private final class Fixture: Sendable {
        private let statements = Mutex<[[Int]]>([])
        private let isOpen = Mutex(false)
        private let batcher: RequestBatcher<Int, Int>
        private let isForItself: @Sendable (Int) -> Bool

        init(isForItself: @escaping @Sendable (Int) -> Bool = { _ in false }) {
            let metrics = StoreMetrics()
            batcher = RequestBatcher(metrics, waiting: metrics.readers)
            self.isForItself = isForItself
        }

        var begun: [[Int]] { statements.withLock { $0 } }

        func release() { isOpen.withLock { $0 = true } }

        func ask(_ request: Int) async throws -> Int {
            try await batcher.respond(
                to: request,
                .init(
                    alone: { [self] request, _ in
                        try await begin([request])
                        return request
                    },
                    together: { [self] requests, _ in
                        try await begin(requests)
                        return requests.map { isForItself($0) ? nil : $0 }
                    }))
        }

        private func begin(_ requests: [Int]) async throws {
            statements.withLock { $0.append(requests) }
            try await until { isOpen.withLock { $0 } }
        }

        /// Starts as many batches as can run at once.
        func occupy(_ group: inout ThrowingTaskGroup<Int, any Error>) async throws {
            for request in 0..<RequestBatch.mostRunning {
                group.addTask { try await self.ask(request) }
                try await until { begun.count == request + 1 }
            }
        }
    }

    @Test func requestsDuringABatchShareTheNextOne() async throws {
        let fixture = Fixture()
        try await withThrowingTaskGroup(of: Int.self) { group in
            try await fixture.occupy(&group)
            for request in 100..<110 { group.addTask { try await fixture.ask(request) } }
            // These requests do not wait until the running batches end.
            try await until { fixture.begun.joined().count == RequestBatch.mostRunning + 10 }
            #expect(fixture.begun.count <= RequestBatch.mostRunning + 3)
            fixture.release()
            let answers = try await group.reduce(into: []) { $0.append($1) }
            #expect(answers.sorted() == Array(0..<RequestBatch.mostRunning) + Array(100..<110))
        }
        #expect(try await fixture.ask(7) == 7)
        #expect(fixture.begun.last == [7])
    }

    @Test func requestWithoutResponseIsRunAgainAlone() async throws {
        let fixture = Fixture { $0 % 2 == 1 }
        fixture.release()
        let answers = try await race(500) { try await fixture.ask($0) }
        #expect(answers.sorted() == Array(0..<500))
        let begun = fixture.begun
        #expect(begun.allSatisfy { $0.count <= RequestBatch.mostShared })
        for request in begun.filter({ $0.count > 1 }).joined() where request % 2 == 1 {
            #expect(begun.contains([request]))
        }
    }

    @Test func tooManyPendingRequestsAreRefused() async throws {
        let fixture = Fixture()
        let refused = SharedCount()
        let answers = try await race(RequestBatch.mostPending + 50) { request in
            do {
                return try await fixture.ask(request)
            } catch InventoryError.unavailable {
                // After 50 refusals, all requests have arrived.
                if refused.next() == 50 { fixture.release() }
                return -1
            }
        }
        #expect(refused.value == 50)
        #expect(Set(answers).count == RequestBatch.mostPending + 1)
        // Completed requests make room for new ones.
        #expect(try await fixture.ask(1) == 1)
    }
}
