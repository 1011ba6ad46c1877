import Inventory
import JSON
import Testing

@Suite struct UsernameTests {
    @Test(arguments: [
        ("ana", "ana"), (" Ana\t", "ana"), ("ana.b-c_d@example.com", "ana.b-c_d@example.com"),
        ("0", "0"), (String(repeating: "a", count: 64), String(repeating: "a", count: 64)),
    ])
    func takes(text: String, name: String) throws {
        #expect(try Username(text).description == name)
    }

    @Test(arguments: [
        ("", "must not be empty"), ("  ", "must not be empty"),
        ("a b", "may contain letters a to z, digits and . _ - @ only"),
        ("josé", "may contain letters a to z, digits and . _ - @ only"),
        ("аna", "may contain letters a to z, digits and . _ - @ only"),
        ("a\u{0}", "may contain letters a to z, digits and . _ - @ only"),
        (String(repeating: "a", count: 65), "must have at most 64 characters"),
    ])
    func refuses(text: String, reason: String) {
        #expect(throws: InvalidValue(reason)) { try Username(text) }
    }
}

@Suite struct PasswordTests {
    @Test(arguments: [
        "violet-5", "        ", "длинный пароль", "パスワードは秘密です",
        String(repeating: "xy", count: 64),
    ])
    func takes(text: String) throws {
        #expect(try Password(chosen: text) == Password(presented: text))
    }

    @Test(arguments: [
        ("", "must have at least 8 characters"),
        ("1234567", "must have at least 8 characters"),
        // Seven characters, each with an accent of its own: composed, they are seven.
        (
            String(repeating: "e\u{301}", count: 7), "must have at least 8 characters"
        ),
        (String(repeating: "xy", count: 64) + "x", "must have at most 128 characters"),
        ("password", "is among the most common ones, which are tried first; choose another"),
        ("PassWord123", "is among the most common ones, which are tried first; choose another"),
        ("supervisor", "is among the most common ones, which are tried first; choose another"),
    ])
    func refuses(text: String, reason: String) {
        #expect(throws: InvalidValue(reason)) { try Password(chosen: text) }
    }

    @Test func isTheSameHoweverItsAccentsAreTyped() {
        #expect(Password(presented: "cafe\u{301} olé") == Password(presented: "café ole\u{301}"))
    }

    @Test func isNotShown() {
        let password = Password(presented: "swordfish")
        var dumped = ""
        dump(password, to: &dumped)
        for text in ["\(password)", String(reflecting: password), dumped] {
            #expect(!text.contains("swordfish"))
            #expect(!text.contains("115"), "the bytes neither")
        }
        let hash = PasswordHash(stored: "$scrypt$swordfish")
        #expect(!"\(hash) \(String(reflecting: [hash]))".contains("swordfish"))
    }
}

@Suite struct SignInTests {
    private func errors(_ members: [(name: String, value: JSONValue)]) -> [FieldError] {
        do throws(InventoryError) {
            _ = try SignIn(ObjectReader(members: members))
            return []
        } catch {
            guard case .invalid(let errors) = error else { return [] }
            return errors
        }
    }

    @Test func reads() throws {
        let signIn = try SignIn(
            ObjectReader(members: [("username", .string("Ana")), ("password", .string("secret"))]))
        #expect(signIn.username?.description == "ana")
        #expect(signIn.password == Password(presented: "secret"))
    }

    @Test func aNameThatNobodyCanHaveIsNoFault() throws {
        let members: [(name: String, value: JSONValue)] = [
            ("username", .string("no such name!")), ("password", .string("")),
        ]
        #expect(try SignIn(ObjectReader(members: members)).username == nil)
    }

    @Test func tellsAllFaults() {
        #expect(
            errors([("user", .string("ana")), ("password", .number("12345678"))]) == [
                FieldError(field: "username", detail: "is required"),
                FieldError(field: "password", detail: "must be a string"),
                FieldError(
                    field: "user",
                    detail: "is not a member of a sign-in: those are username, password"),
            ])
        #expect(errors([("username", .null), ("usernam", .null)]).count == 3)
    }
}
