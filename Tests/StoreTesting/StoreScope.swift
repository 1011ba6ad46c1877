internal import Foundation
package import Testing

/// Closes and removes what a test has created, when it ends.
package actor StoreScope {
    @TaskLocal private static var inner: StoreScope?
    private static let gate = Gate()

    private var cleanups: [@Sendable () async throws -> Void] = []

    static var current: StoreScope {
        guard let inner else { preconditionFailure("The test needs the trait .stores.") }
        return inner
    }

    /// Runs the cleanup when the scope ends, before the cleanups that were added earlier.
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

    /// Calls `body` in a new scope, or in the current one if there is one.
    static func run<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        guard inner == nil else { return try await body() }
        await gate.enter()
        let scope = StoreScope()
        let result: Result<Value, any Error>
        do {
            result = .success(try await $inner.withValue(scope) { try await body() })
        } catch {
            result = .failure(error)
        }
        let failure = await scope.end()
        await gate.leave()
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
///
/// Each store has several threads, and ten connections on PostgreSQL. If all tests ran at the
/// same time, requests would exceed their time limits.
private actor Gate {
    private var free = 6
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}

/// Gives each test a ``StoreScope``.
package struct StoreTrait: SuiteTrait, TestTrait, TestScoping {
    package var isRecursive: Bool { true }

    package func provideScope(
        for test: Test, testCase: Test.Case?,
        performing body: @concurrent @Sendable () async throws -> Void
    ) async throws { try await StoreScope.run(body) }
}

extension Trait where Self == StoreTrait {
    /// For tests that use ``Backend/store()``.
    package static var stores: Self { StoreTrait() }
}
