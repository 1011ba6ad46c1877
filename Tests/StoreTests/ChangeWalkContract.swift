import Inventory
import StoreTesting
import Testing

/// Random changes of all kinds against a model.
@Suite struct ChangeWalkContract {
    @Test(arguments: Backend.allCases, [1, 2, 3, 4] as [UInt64])
    func storeAndModelAgree(backend: Backend, seed: UInt64) async throws {
        try await backend.withStore { store in
            var walk = ChangeWalk(store, seed: seed)
            for _ in 0..<120 { try await walk.step() }
            try await walk.checkHistories()
            try await walk.undoAll()
            try await walk.checkHistories()
        }
    }
}
