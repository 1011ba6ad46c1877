import Foundation
import Inventory
@testable import SQLiteStore
import Storage
import StoreTesting
import Testing

/// The database file: its permissions, its log, and its replacement.
@Suite struct DatabaseFileTests {
    @Test func closedFileIsComplete() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let store = try SQLiteStore(path: path)
            _ = try await store.createNumbers(
                Array(DemoNumbers(seed: 1).prefix(100)), onlyIfEmpty: true)
            // Use every connection.
            _ = try await race(20) { _ in try await store.listNumbers(NumberQuery()) }
            try store.close()
            let copy = folder.appending(path: "copy.sqlite").path
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            let moved = try SQLiteStore(path: copy)
            #expect(try await moved.listNumbers(NumberQuery()).total == 100)
            try moved.close()
        }
    }

    @Test func closesWhileAnotherProgramReads() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let store = try SQLiteStore(path: path)
            let other = try SharedConnection(path: path)
            try other.use { try $0.runScript("BEGIN; SELECT count(*) FROM number") }
            _ = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            try store.close()
            try other.use { try $0.runScript("COMMIT") }
            let again = try SQLiteStore(path: path)
            #expect(try await again.listNumbers(NumberQuery()).total == 1)
            try again.close()
        }
    }

    @Test(arguments: ["", "-wal"], [false, true])
    func replacedFileMakesTheStoreUnavailable(ending: String, isReplaced: Bool)
        async throws
    {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let store = try SQLiteStore(path: path)
            let number = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let old = path + ending + ".old"
            try FileManager.default.moveItem(atPath: path + ending, toPath: old)
            if isReplaced {
                try FileManager.default.copyItem(atPath: old, toPath: path + ending)
            }
            for request in [
                { _ = try await store.createNumber(try NumberContent("+55 84 91234-4322")) },
                { _ = try await store.number(number.id) },
                { _ = try await store.session(TokenDigest(repeating: 1), now: .now) },
                { try await store.checkReadiness() },
                { try await store.checkReads() },
            ] as [() async throws -> Void] {
                let error = try await #require(throws: InventoryError.self) { try await request() }
                guard case .unavailable(let reason) = error else { throw error }
                #expect("\(reason)".contains("was deleted or replaced"))
            }
            try store.close()
        }
    }

    @Test func commitToADeletedFileHasAnUnknownOutcome() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let store = try SQLiteStore(path: path)
            let number = try await store.createNumber(try NumberContent("+55 84 91234-4321"))
            let error = try await #require(throws: InventoryError.self) {
                try await store.updateNumber(number.id, if: .always) { number in
                    try FileManager.default.removeItem(atPath: path)
                    number.setupPrice = try Price("7")
                }
            }
            guard case .outcomeUnknown = error else { throw error }
            try store.close()
        }
    }

    @Test func newFilesAreForTheirOwnerOnly() async throws {
        try await withTemporaryFolder { folder in
            func permissions(_ path: String) throws -> Int? {
                try FileManager.default.attributesOfItem(atPath: folder.path + path)[
                    .posixPermissions] as? Int
            }
            let store = try SQLiteStore(path: folder.path + "/new/newer/inventory.sqlite")
            for path in ["/new", "/new/newer"] { #expect(try permissions(path) == 0o700) }
            for ending in ["", "-wal", "-shm"] {
                #expect(try permissions("/new/newer/inventory.sqlite" + ending) == 0o600)
            }
            try store.close()
            // An existing file keeps its permissions.
            let path = folder.path + "/inventory.sqlite"
            #expect(
                FileManager.default.createFile(
                    atPath: path, contents: nil, attributes: [.posixPermissions: 0o640]))
            let before = try permissions("")
            try SQLiteStore(path: path).close()
            #expect(try permissions("/inventory.sqlite") == 0o640)
            #expect(try permissions("") == before)
        }
    }

    @Test(arguments: ["number", "number_count", "user", "session"])
    func missingTableIsNotReady(table: String) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(path: "inventory.sqlite").path
            let store = try SQLiteStore(path: path)
            try await store.checkReadiness()
            let other = try SharedConnection(path: path)
            try other.use { try $0.runScript("PRAGMA foreign_keys = OFF; DROP TABLE \(table)") }
            let error = try await #require(throws: InventoryError.self) {
                try await store.checkReadiness()
            }
            guard case .unavailable = error else { throw error }
            try store.close()
        }
    }
}
