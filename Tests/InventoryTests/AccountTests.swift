import Inventory
import JSON
import Testing

@Suite struct UsernameTests {
    @Test(arguments: [
        ("ana", "ana"), (" Ana\t", "ana"), ("ana.b-c_d@example.com", "ana.b-c_d@example.com"),
        ("0", "0"), (String(repeating: "a", count: 64), String(repeating: "a", count: 64)),
    ])
    func acceptsValidNames(text: String, name: String) throws {
        #expect(try Username(text).description == name)
    }

    private static let characters = "may contain letters a to z, digits and . _ - @ only"

    @Test(arguments: [
        ("", "must not be empty"), ("  ", "must not be empty"), ("a b", characters),
        ("josé", characters), ("аna", characters), ("a\u{0}", characters),
        (String(repeating: "a", count: 65), "must have at most 64 characters"),
    ])
    func rejectsInvalidNames(text: String, reason: String) {
        #expect(throws: InvalidValue(reason)) { try Username(text) }
    }
}

@Suite struct PasswordTests {
    private static let common =
        "is among the most common ones, which are tried first; choose another"

    @Test(arguments: [
        "violet-5", "        ", "длинный пароль", "パスワードは秘密です",
        String(repeating: "xy", count: 64),
    ])
    func acceptsValidPasswords(text: String) throws {
        #expect(try Password(chosen: text) == Password(presented: text))
    }

    @Test(arguments: [
        ("", "must have at least 8 characters"),
        ("1234567", "must have at least 8 characters"),
        // A combining accent does not count as a character.
        (String(repeating: "e\u{301}", count: 7), "must have at least 8 characters"),
        (String(repeating: "xy", count: 64) + "x", "must have at most 128 characters"),
        ("password", common), ("PassWord123", common), ("supervisor", common),
    ])
    func rejectsInvalidPasswords(text: String, reason: String) {
        #expect(throws: InvalidValue(reason)) { try Password(chosen: text) }
    }

    @Test func composedAndCombiningAccentsAreTheSame() {
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
    /// An invalid name is read as nil, without an error.
    @Test(arguments: [("Ana", "ana"), ("no such name!", nil)])
    func readsNameAndPassword(name: String, username: String?) throws {
        let signIn = try SignIn(
            ObjectReader(members: [("username", .string(name)), ("password", .string("secret"))]))
        #expect(signIn.username?.description == username)
        #expect(signIn.password == Password(presented: "secret"))
    }

    @Test func reportsAllErrors() {
        let members: [(name: String, value: JSONValue)] = [
            ("user", .string("ana")), ("password", .number("12345678")),
        ]
        let error = #expect(throws: InventoryError.self) {
            try SignIn(ObjectReader(members: members))
        }
        #expect(
            error?.fieldErrors == [
                FieldError(field: "username", detail: "is required"),
                FieldError(field: "password", detail: "must be a string"),
                FieldError(
                    field: "user",
                    detail: "is not a member of a sign-in: use username, password"),
            ])
    }
}
