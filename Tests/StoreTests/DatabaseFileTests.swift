import Foundation
import Inventory
@testable import SQLiteStore
import Storage
import StoreTesting
import Testing

/// The database file: its permissions, its log, and its replacement.
@Suite(.stores) struct DatabaseFileTests {
    @Test func closedFileIsComplete() async throws {
        let path = try await Backend.sqlitePath()
        let store = try SQLiteStore(path: path)
        _ = try await store.createNumbers(
            Array(DemoNumbers(seed: 1).prefix(100)), onlyIfEmpty: true)
        // Open every connection.
        _ = try await race(20) { _ in try await store.count() }
        try store.close()
        let copy = path + ".copy"
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        #expect(try await Backend.sqliteStore(at: copy).count() == 100)
    }

    @Test func closesWhileAnotherProgramReads() async throws {
        let path = try await Backend.sqlitePath()
        let store = try SQLiteStore(path: path)
        let other = try SharedConnection(path: path)
        try other.use { try $0.runScript("BEGIN; SELECT count(*) FROM number") }
        try await store.create("4321")
        try store.close()
        try other.use { try $0.runScript("COMMIT") }
        #expect(try await Backend.sqliteStore(at: path).count() == 1)
    }

    @Test(arguments: ["", "-wal"], [false, true])
    func replacedFileMakesTheStoreUnavailable(ending: String, isReplaced: Bool) async throws {
        let path = try await Backend.sqlitePath()
        let store = try await Backend.sqliteStore(at: path)
        try await store.create("4321")
        let old = path + ending + ".old"
        try FileManager.default.moveItem(atPath: path + ending, toPath: old)
        if isReplaced { try FileManager.default.copyItem(atPath: old, toPath: path + ending) }
        for request in [
            { try await store.create("4322") }, { _ = try await store.number(1) },
            { _ = try await store.session(TokenDigest(repeating: 1), now: .now) },
            { try await store.checkReadiness() }, { try await store.checkReads() },
        ] as [() async throws -> Void] {
            let error = await failure(request)
            #expect(error.hasPrefix("unavailable"))
            #expect(error.contains("was deleted or replaced"))
        }
    }

    @Test func commitToADeletedFileHasAnUnknownOutcome() async throws {
        let path = try await Backend.sqlitePath()
        let store = try await Backend.sqliteStore(at: path)
        try await store.create("4321")
        let error = await failure {
            try await store.updateNumber(1, if: .always) { number in
                try FileManager.default.removeItem(atPath: path)
                number.setupPrice = try Price("7")
            }
        }
        #expect(error.hasPrefix("outcomeUnknown"))
    }

    @Test func newFilesAreForTheirOwnerOnly() async throws {
        let folder = try await temporaryFolder().path
        func permissions(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: folder + path)[.posixPermissions]
                as? Int
        }
        _ = try await Backend.sqliteStore(at: folder + "/new/newer/inventory.sqlite")
        for path in ["/new", "/new/newer"] { #expect(try permissions(path) == 0o700) }
        for ending in ["", "-wal", "-shm"] {
            #expect(try permissions("/new/newer/inventory.sqlite" + ending) == 0o600)
        }
        // An existing file keeps its permissions.
        let path = folder + "/inventory.sqlite"
        let attributes = [FileAttributeKey.posixPermissions: 0o640]
        #expect(
            FileManager.default.createFile(atPath: path, contents: nil, attributes: attributes))
        let before = try permissions("")
        _ = try await Backend.sqliteStore(at: path)
        #expect(try permissions("/inventory.sqlite") == 0o640)
        #expect(try permissions("") == before)
    }
}
