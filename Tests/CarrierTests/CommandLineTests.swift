import Foundation
import Inventory
import StoreTesting
import Testing

/// The program as a process.
@Suite struct CommandLineTests {
    @Test func explainsItself() throws {
        let help = try carrier(["--help"])
        #expect(help.status == 0)
        for command in ["serve", "seed", "user"] { #expect(help.output.contains(command)) }
        // Where whoever built it said so, the revision stands behind it.
        let version = /1\.0\.0( \([^ ]+\))?\nNumber tables: libphonenumber .* 2022, .* 2026\n/
        #expect(try carrier(["--version"]).output.wholeMatch(of: version) != nil)
        // The terminal's width decides where lines break.
        let serve = try carrier(["serve", "--help"]).output
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for variable in [
            "HOST", "PORT", "DATABASE_URL", "NUMBER_CHECK", "CORS_ORIGINS", "LOG_LEVEL",
            "LOG_FORMAT", "METRICS_PORT", "NO_AUTH",
        ] {
            #expect(serve.contains("environment: \(variable)"))
        }
    }

    @Test func seedsOnceUnlessTold() async throws {
        try await withTemporaryFolder { folder in
            let first = try carrier(["seed"], in: folder)
            #expect(first.status == 0, "\(first.errors)")
            #expect(
                first.output == "Added 800 numbers to sqlite:data/inventory.sqlite.\n")
            let second = try carrier(["seed"], in: folder)
            #expect(second.status == 1)
            #expect(
                second.errors
                    == "Error: The inventory has 800 numbers; nothing was added. "
                    + "Use --add to add to them.\n")
            let third = try carrier(["seed", "--add", "--count", "7"], in: folder)
            #expect(third.status == 0)
            #expect(try carrier(["seed"], in: folder).errors.contains("has 807 numbers"))
        }
    }

    /// A filter that the API has, and so a price that a number has, is one of the command line too.
    @Test func exportHasAFlagForEveryFilter() throws {
        let help = try carrier(["export", "--help"]).output
        for name in NumberFilter.names {
            let flag = name.replacing(/[A-Z]/) { "-" + $0.output.lowercased() }
            #expect(help.contains("--\(name == "q" ? "query" : flag) "), "\(name)")
        }
        #expect(!help.contains(/values:[^)]*json/))
    }

    @Test(arguments: [
        (["seed", "--count", "0"], "--count must be 1 to 10000000."),
        (["seed", "--count", "many"], "The value 'many' is invalid for '--count <count>'"),
        (["serve", "--nonsense"], "Unknown option '--nonsense'"),
        (["serve", "--port", "70000"], "--port must be a port, 0 to 65535."),
        (["serve", "--metrics-port", "all"], "--metrics-port must be a port, 0 to 65535."),
        (["serve", "--port", "-1"], "Missing value for '--port <port>'"),
        (["serve", "--database-connections", "3"], "--database-connections must be 4 to 100."),
        (["serve", "--log-level", "loud"], "--log-level must be one of trace, debug, info,"),
        (["serve", "--log-format", "xml"], "--log-format must be one of text, json."),
        (["serve", "--migrate", "maybe"], "--migrate must be one of on, off."),
        (
            ["serve", "--number-check", "no"],
            "--number-check must be one of possible, valid, e164."
        ),
        (["serve", "--database-url", "mysql://x"], "--database-url must be sqlite: and the path"),
        (["seed", "--database-url", "sqlite::memory:"], "--database-url must be sqlite: and the"),
        (
            ["serve", "--port", "9999", "--metrics-port", "9999"],
            "--metrics-port must be another port than --port, which is 9999."
        ),
        (["serve", "--cors-origins", "shop.example"], "--cors-origins must be * or a comma-"),
        (
            ["serve", "--public-url", "shop.example"],
            "--public-url must be http:// or https:// and"
        ),
        (["serve", "--no-auth", "maybe"], "--no-auth must be 0, 1 or any-address."),
        (
            ["serve", "--host", "0.0.0.0", "--no-auth"],
            "--no-auth must be any-address to let every client on 0.0.0.0 change the numbers."
        ),
        (["user", "add", "no such name!"], "A user name may contain letters a to z, digits and"),
        (["user", "add", "ana", "--role", "boss"], "The value 'boss' is invalid for '--role"),
        (["export", "-", "--decimal", ","], "--decimal , needs --separator ';'."),
        (["export", "-", "--sort", "price"], "--sort cannot be price. Columns: id, value,"),
        (["export", "-", "--currency", "banana"], "--currency must be an ISO 4217 code"),
        (["export", "-", "--prefix", "abc"], "--prefix may contain digits, blanks,"),
        (
            ["export", "-", "--monthy-price-from", "2", "--monthy-price-to", "1"],
            "--monthy-price-from must not be greater than --monthy-price-to, which is 1.00."
        ),
        (
            ["export", "-", "--setup-price-to", "1,50", "--sort", "price"],
            "currency. --setup-price-to must use a dot as the decimal separator: 1.50."
        ),
        (["export", "numbers.json"], "--format must be csv or ndjson."),
        (["export", "-", "--format", "json"], "It must be csv or ndjson."),
        (["import", "-", "--mode", "replace"], "The value 'replace' is invalid for '--mode"),
        (["sell"], "Unexpected argument 'sell'"),
    ])
    func refusesWrongUsage(arguments: [String], sentence: String) throws {
        let result = try carrier(arguments)
        #expect(result.status == 64)
        #expect(result.errors.contains(sentence), "\(result.errors)")
    }

    private static let mustBeAnAddress =
        "Error: DATABASE_URL must be an address such as postgres://carrier@db.example/inventory. "
    private static let encoding =
        "Write special characters of a password in percent-encoding: %25 for %, %40 for @, %2F for /"
    private static let mustBePlace =
        "Error: DATABASE_URL must be sqlite: and the path of a file, such as "
        + "sqlite:data/inventory.sqlite, or an address such as "
        + "postgres://carrier@db.example/inventory. "

    @Test(arguments: [
        ("PORT", "banana", "Error: PORT must be a port, 0 to 65535. It is banana.\n"),
        (
            "METRICS_PORT", "8080",
            "Error: METRICS_PORT must be another port than --port, which is 8080. It is 8080.\n"
        ),
        ("NO_AUTH", "yes", "Error: NO_AUTH must be 0, 1 or any-address. It is yes.\n"),
        (
            "SUPERVISOR_PASSWORD", "short",
            "Error: SUPERVISOR_PASSWORD must have at least 8 characters.\n"
        ),
        (
            "SUPERVISOR_PASSWORD_FILE", "/nowhere",
            "Error: SUPERVISOR_PASSWORD_FILE: /nowhere cannot be read: No such file or directory.\n"
        ),
        (
            "SUPERVISOR_PASSWORD_FILE", "/dev/null",
            "Error: SUPERVISOR_PASSWORD_FILE: /dev/null is empty.\n"
        ),
        ("HOST", "a b", "Error: HOST must be an address or a host name. It is a b.\n"),
        (
            "TRUSTED_PROXIES", "10.0.0.1, ten",
            "Error: TRUSTED_PROXIES must be a comma-separated list such as 127.0.0.1,10.0.0.0/8. "
                + "ten is no address.\n"
        ),
        (
            "CORS_ORIGINS", "http://localhost:3000,http://shop.example/",
            "Error: CORS_ORIGINS must be * or a comma-separated list such as https://shop.example. "
                + "http://shop.example/ is no origin, which is http:// or https:// and a host, "
                + "without a path.\n"
        ),
        ("LOG_FORMAT", "xml", "Error: LOG_FORMAT must be one of text, json. It is xml.\n"),
        (
            "DATABASE_URL", "postgres://ana:100%secret@127.0.0.1/inventory",
            mustBeAnAddress + encoding + ".\n"
        ),
        (
            "DATABASE_URL", "postgres://ana:se?cret@127.0.0.1/inventory?foo=b%ar",
            mustBeAnAddress + encoding + ".\n"
        ),
        (
            "DATABASE_URL", "postgres://127.0.0.1/inventory?foo=bar",
            mustBeAnAddress + "libpq knows no parameter foo.\n"
        ),
        (
            "DATABASE_URL", "postgres://127.0.0.1/inventory?connect_timeout=3&ssl_mode=require",
            mustBeAnAddress + "libpq knows no parameter ssl_mode, but sslmode.\n"
        ),
        (
            "DATABASE_URL", "postgres://127.0.0.1:70000/inventory",
            mustBeAnAddress + "The port is no number from 0 to 65535, or: " + encoding + ".\n"
        ),
        (
            "DATABASE_URL", "mysql://ana:secret@127.0.0.1/inventory",
            mustBePlace + "It begins with mysql.\n"
        ),
        (
            "DATABASE_URL", "host=127.0.0.1 user=ana password=secret",
            mustBePlace + "It begins with host.\n"
        ),
        (
            "DATABASE_URL", "inventory.sqlite",
            mustBePlace + "It is inventory.sqlite.\n"
        ),
    ])
    func refusesAnUnknownSetting(name: String, value: String, sentence: String) throws {
        let result = try carrier(["serve"], environment: [name: value])
        #expect(result.status == 1)
        #expect(result.errors == sentence)
    }

    @Test func migratesAsAStepOfItsOwn() async throws {
        try await withTemporaryFolder { folder in
            let data = folder.appending(path: "data")
            try FileManager.default.createDirectory(
                at: data, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: URL(filePath: #filePath).deletingLastPathComponent()
                    .appending(path: "../EndToEnd/inventories/1.0.0.sqlite").standardized,
                to: data.appending(path: "inventory.sqlite"))
            let early = try carrier(["serve"], environment: ["MIGRATE": "off"], in: folder)
            #expect(early.status == 1)
            #expect(early.errors.hasSuffix("Bring them up to date with: carrier migrate\n"))
            let place = "The tables of sqlite:data/inventory.sqlite are up to date.\n"
            let first = try carrier(["migrate"], in: folder)
            #expect(first.output.contains("Done: changes.\n"))
            #expect(first.output.hasSuffix(place))
            #expect(try carrier(["migrate"], in: folder).output == place)
        }
    }

    @Test func saysWhyItCannotOpenTheDatabase() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending(path: "notes.txt")
            try Data(repeating: UInt8(ascii: "x"), count: 5_000).write(to: file)
            let noDatabase = try carrier(
                ["seed"], environment: ["DATABASE_URL": "sqlite:\(file.path)"])
            #expect(noDatabase.status == 1)
            #expect(noDatabase.errors.contains("\(file.path) is not an inventory"))
            let noFolder = try carrier(
                ["seed"], environment: ["DATABASE_URL": "sqlite:\(file.path)/inventory.sqlite"])
            #expect(noFolder.status == 1)
            #expect(noFolder.errors.contains("is not there and cannot be made"))
            #expect(noFolder.errors.split(separator: "\n").count == 1)
        }
    }

    @Test func saysThatThePortIsTaken() async throws {
        try await withServer { port in
            try await withTemporaryFolder { folder in
                let second = try carrier(
                    ["serve", "--port", port, "--log-level", "critical"], in: folder)
                #expect(second.status == 1)
                #expect(
                    second.errors
                        == "Error: Another program listens on 127.0.0.1, port \(port) already. "
                        + "Choose another --port.\n")
                // The command has not created a user whose password was never shown.
                #expect(
                    try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
            }
        }
    }

    /// Calls `body` with the port of a server, which ends after with status 0.
    private func withServer(_ body: (_ port: String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let server = Process()
            server.executableURL = program
            server.arguments = ["serve", "--port", "0", "--log-level", "critical"]
            // Not a generated one, which is printed first.
            server.environment = ["SUPERVISOR_PASSWORD": "violet-5-elephants"]
            server.currentDirectoryURL = folder
            let output = Pipe()
            server.standardOutput = output
            try server.run()
            defer { server.terminate() }
            let announcement = String(
                decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            let match = try #require(
                announcement.firstMatch(of: /http:\/\/127\.0\.0\.1:([0-9]+)\/api\/v1\/numbers/))
            try await body(String(match.1))
            server.terminate()
            server.waitUntilExit()
            #expect(server.terminationStatus == 0)
        }
    }
}
