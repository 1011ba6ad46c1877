internal import Foundation
package import Testing

/// What a test must close and remove when it ends.
package actor StoreScope {
    @TaskLocal private static var inner: StoreScope?
    /// Each store has several threads, and ten connections on PostgreSQL.
    ///
    /// If all tests ran at the same time, requests would exceed their time limits.
    private static let gate = Gate(places: Gate.places)

    private var cleanups: [@Sendable () async throws -> Void] = []

    static var current: StoreScope {
        guard let inner else { preconditionFailure("The test needs the trait .stores.") }
        return inner
    }

    /// Runs the cleanup when the scope ends, before those that were added earlier.
    func atEnd(_ cleanup: @escaping @Sendable () async throws -> Void) {
        cleanups.append(cleanup)
    }

    /// A new folder, which exists until the scope ends.
    func folder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "carrier-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atEnd { try FileManager.default.removeItem(at: folder) }
        return folder
    }

    /// Calls `body` in a new scope.
    ///
    /// - Parameter places: How many places at the gate the outermost scope takes.
    static func run<Value: Sendable>(
        places: Int = 1, _ body: () async throws -> Value
    ) async throws -> Value {
        let places = inner == nil ? places : 0
        await gate.enter(taking: places)
        let scope = StoreScope()
        let result: Result<Value, any Error>
        do {
            result = .success(try await $inner.withValue(scope) { try await body() })
        } catch {
            result = .failure(error)
        }
        let failure = await scope.end()
        await gate.leave(freeing: places)
        if let failure { throw failure }
        return try result.get()
    }

    private func end() async -> (any Error)? {
        var failure: (any Error)?
        while let cleanup = cleanups.popLast() {
            do { try await cleanup() } catch { failure = failure ?? error }
        }
        return failure
    }
}

/// Lets few tests use stores at the same time, in order of arrival.
private actor Gate {
    static let places = 6

    private var free: Int
    private var waiting: [(places: Int, continuation: CheckedContinuation<Void, Never>)] = []

    init(places: Int) {
        free = places
    }

    func enter(taking places: Int) async {
        // A test that has a place must not wait for others.
        guard places > 0, !waiting.isEmpty || free < places else {
            free -= places
            return
        }
        await withCheckedContinuation { waiting.append((places, $0)) }
    }

    func leave(freeing places: Int) {
        free += places
        while let next = waiting.first, next.places <= free {
            free -= next.places
            waiting.removeFirst().continuation.resume()
        }
    }
}

/// Gives each test a ``StoreScope``.
package struct StoreTrait: SuiteTrait, TestTrait, TestScoping {
    fileprivate let isAlone: Bool

    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        let isAlone = test.traits.contains { ($0 as? StoreTrait)?.isAlone == true }
        try await StoreScope.run(places: isAlone ? Gate.places : 1, body)
    }
}

extension Trait where Self == StoreTrait {
    /// For tests that use ``Backend/store()``.
    package static var stores: Self { StoreTrait(isAlone: false) }
    /// For tests that measure time: no other test uses a store meanwhile.
    package static var alone: Self { StoreTrait(isAlone: true) }
}
