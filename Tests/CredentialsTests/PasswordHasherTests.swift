import Credentials
import Foundation
import Inventory
import StoreTesting
import Testing

@Suite struct PasswordHasherTests {
    /// The hashes were computed with Python's hashlib.scrypt.
    @Test(arguments: [
        (
            "correct horse",
            "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE"
        ),
        (
            "cafe\u{301} olé",
            "$scrypt$ln=4,r=8,p=2$AAECAwQFBgcICQoLDA0ODw$VelGTxMrL8x2gPCZOuPpMkIkHYWuchcNQXY//8kRfm0"
        ),
    ])
    func readsHashesOfOtherPrograms(password: String, stored: String) async throws {
        let hasher = PasswordHasher()
        let hash = PasswordHash(stored: stored)
        #expect(try await hasher.verify(Password(presented: password), against: hash))
        #expect(try await !hasher.verify(Password(presented: password + "x"), against: hash))
    }

    @Test func hashesOfOnePasswordDiffer() async throws {
        let hasher = PasswordHasher(cost: .least)
        let password = Password(presented: "swordfish")
        let hashes = [try await hasher.hash(password), try await hasher.hash(password)]
        #expect(hashes[0] != hashes[1])
        for hash in hashes {
            #expect(try await hasher.verify(password, against: hash))
            #expect(try await !hasher.verify(Password(presented: "Swordfish"), against: hash))
        }
    }

    @Test func hasTheStandardCostByDefault() async throws {
        let hash = try await PasswordHasher().hash(Password(presented: "swordfish"))
        #expect(hash.stored.hasPrefix("$scrypt$ln=15,r=8,p=1$"))
    }

    @Test(arguments: [
        nil, "", "swordfish", "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$",
        // This cost would take terabytes of memory.
        "$scrypt$ln=24,r=99,p=1$AAECAwQFBgcICQoLDA0ODw$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE",
        "$argon2id$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE",
    ])
    func nothingMatchesWithoutAValidHash(stored: String?) async throws {
        let hasher = PasswordHasher(cost: .least)
        for password in ["", "swordfish", "correct horse"] {
            let isRight = try await hasher.verify(
                Password(presented: password), against: stored.map(PasswordHash.init(stored:)))
            #expect(!isRight)
        }
    }

    @Test func refusesMorePasswordsThanMayWait() async throws {
        // At this cost, three hashes run in time even on a busy machine.
        let cost = ScryptCost(logarithm: 12, blockSize: 8, parallelism: 1)
        let hasher = PasswordHasher(cost: cost, mostRunning: 1, mostWaiting: 2)
        let password = Password(presented: "swordfish")
        let successes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask { (try? await hasher.hash(password)) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        // One hash runs and two wait; more can succeed if the machine starts the tasks slowly.
        #expect((3..<10).contains(successes))
        // The queue has room again.
        _ = try await hasher.hash(password)
    }

    #if os(Linux)
        @Test func threadsHaveLowPriority() async throws {
            let hasher = PasswordHasher()
            let password = Password(presented: "swordfish")
            async let hashes = [hasher.hash(password), hasher.hash(password)]
            _ = try await hashes
            let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
            let niceness = threads.compactMap { thread in
                // Niceness is the 19th field. The second field may contain blanks:
                // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
                (try? String(contentsOfFile: "/proc/self/task/\(thread)/stat", encoding: .utf8))?
                    .split(separator: ") ").last?.split(separator: " ")[16]
            }
            #expect(niceness.contains("10"))
            #expect(niceness.contains("0"))
        }
    #endif
}
