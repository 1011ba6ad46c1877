import Foundation
import Inventory
import Testing

@testable import Credentials

@Suite struct SessionTokenTests {
    @Test func isNeverTheSameTwice() {
        let tokens = (0..<1000).map { _ in SessionToken.random() }
        #expect(Set(tokens.map(\.text)).count == 1000)
        #expect(Set(tokens.map(\.digest)).count == 1000)
        for token in tokens {
            #expect(token.text.wholeMatch(of: /ctk_[A-Za-z0-9_-]{43}/) != nil)
            #expect(SessionToken(token.text) == token)
        }
    }

    /// By Python's hashlib.
    @Test func hasTheDigestOfItsText() throws {
        let token = try #require(SessionToken("ctk_" + String(repeating: "A", count: 43)))
        #expect(
            token.digest.bytes == [
                151, 2, 224, 66, 185, 236, 147, 90, 52, 212, 58, 182, 78, 100, 59, 237,
                242, 203, 129, 206, 98, 183, 42, 3, 27, 99, 224, 41, 143, 168, 249, 230,
            ])
    }

    @Test(arguments: [
        "", "ctk_", "ctk_" + String(repeating: "A", count: 42),
        "ctk_" + String(repeating: "A", count: 44), String(repeating: "A", count: 47),
        "CTK_" + String(repeating: "A", count: 43), "ctk_" + String(repeating: "é", count: 43),
        "ctk_" + String(repeating: "A", count: 42) + "=",
        "ctk_" + String(repeating: "+", count: 43), " ctk_" + String(repeating: "A", count: 43),
        "ctk_" + String(repeating: "A", count: 100_000),
    ])
    func isNot(text: String) {
        #expect(SessionToken(text) == nil)
    }

    @Test func isNotShown() {
        let token = SessionToken.random()
        var dumped = ""
        dump(token, to: &dumped)
        for text in ["\(token)", String(reflecting: [token]), dumped] {
            #expect(!text.contains(token.text.dropFirst(4)))
        }
    }
}

@Suite struct PasswordHasherTests {
    /// By Python's hashlib.scrypt.
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
    func readsTheHashesOfOthers(password: String, stored: String) async throws {
        let hasher = PasswordHasher()
        let hash = PasswordHash(stored: stored)
        #expect(try await hasher.verify(Password(presented: password), against: hash))
        #expect(try await !hasher.verify(Password(presented: password + "x"), against: hash))
    }

    @Test func makesAnotherHashOfTheSamePassword() async throws {
        let hasher = PasswordHasher(cost: .least)
        let password = Password(presented: "swordfish")
        let hashes = [try await hasher.hash(password), try await hasher.hash(password)]
        #expect(hashes[0] != hashes[1])
        for hash in hashes {
            #expect(try await hasher.verify(password, against: hash))
            #expect(try await !hasher.verify(Password(presented: "Swordfish"), against: hash))
        }
    }

    @Test func usesTheStandardCostUnlessTold() async throws {
        let hash = try await PasswordHasher().hash(Password(presented: "swordfish"))
        #expect(hash.stored.hasPrefix("$scrypt$ln=15,r=8,p=1$"))
    }

    @Test(arguments: [
        nil, "", "swordfish", "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$",
        // Would take terabytes.
        "$scrypt$ln=24,r=99,p=1$AAECAwQFBgcICQoLDA0ODw$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE",
        "$argon2id$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE",
    ])
    func matchesNothingWithoutAHash(stored: String?) async throws {
        let hasher = PasswordHasher(cost: .least)
        for password in ["", "swordfish", "correct horse"] {
            let isRight = try await hasher.verify(
                Password(presented: password), against: stored.map(PasswordHash.init(stored:)))
            #expect(!isRight)
        }
    }

    @Test func takesAFewAtATimeAndRefusesAFlood() async throws {
        // Cheap enough for three to have their turn in time on a busy machine.
        let cost = try #require(ScryptCost("ln=12,r=8,p=1"))
        let hasher = PasswordHasher(cost: cost, mostRunning: 1, mostWaiting: 2)
        let password = Password(presented: "swordfish")
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do {
                        _ = try await hasher.hash(password)
                        return true
                    } catch {
                        #expect(error is PasswordHasher.Busy)
                        return false
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        // One at work, two behind it; the machine may be slow to start the rest.
        #expect(outcomes.filter { $0 }.count >= 3)
        #expect(outcomes.contains(false))
        // Afterwards there is room again.
        _ = try await hasher.hash(password)
    }

    #if os(Linux)
        @Test func itsThreadsGiveWayToAllOthers() async throws {
            let hasher = PasswordHasher()
            let password = Password(presented: "swordfish")
            async let hashes = [hasher.hash(password), hasher.hash(password)]
            _ = try await hashes
            let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
            let niceness = threads.compactMap { thread in
                // The 19th field, and the second may have blanks:
                // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
                (try? String(contentsOfFile: "/proc/self/task/\(thread)/stat", encoding: .utf8))?
                    .split(separator: ") ").last?.split(separator: " ")[16]
            }
            #expect(niceness.contains("10"))
            #expect(niceness.contains("0"))
        }
    #endif
}

@Suite struct GeneratedPasswordTests {
    @Test func isLongAndNeverTheSame() throws {
        let texts = (0..<100).map { _ in GeneratedPassword().text }
        #expect(Set(texts).count == 100)
        for text in texts {
            #expect(text.wholeMatch(of: /([a-z2-9]{5}-){3}[a-z2-9]{5}/) != nil)
            #expect(throws: Never.self) { try Password(chosen: text) }
        }
    }
}
