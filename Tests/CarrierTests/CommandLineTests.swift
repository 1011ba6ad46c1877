import Foundation
import Inventory
import Testing

@Suite struct CommandLineTests {
    @Test func printsHelpAndVersion() async throws {
        try await Workspace.with { workspace in
            let help = try workspace.carrier("--help")
            #expect(help.status == 0)
            for command in ["serve", "seed", "user"] { #expect(help.output.contains(command)) }
            // The build may have set a revision.
            let version = /2\.0\.0( \([^ ]+\))?\nNumber tables: libphonenumber .* 2022, .* 2026\n/
            #expect(try workspace.carrier("--version").output.wholeMatch(of: version) != nil)
        }
    }

    @Test func seedNeedsAddForMoreNumbers() async throws {
        try await Workspace.with { workspace in
            let first = try workspace.carrier("seed")
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output == "Added 800 numbers to sqlite:data/inventory.sqlite.\n")
            let message = "numbers; nothing was added. Use --add to add to them.\n"
            #expect(try workspace.errors("seed") == "Error: The inventory has 800 " + message)
            #expect(try workspace.carrier("seed --add --count 7").status == 0)
            #expect(try workspace.errors("seed") == "Error: The inventory has 807 " + message)
        }
    }

    @Test func exportHasAFlagForEveryFilter() async throws {
        try await Workspace.with { workspace in
            let help = try workspace.carrier("export --help").output
            for name in NumberFilter.names {
                let flag = name.replacing(/[A-Z]/) { "-" + $0.output.lowercased() }
                #expect(help.contains("--\(name == "q" ? "query" : flag) "), "\(name)")
            }
            #expect(!help.contains(/values:[^)]*json/))
        }
    }

    @Test(arguments: [
        ("seed --count 0", "--count must be 1 to 10000000."),
        ("seed --count many", "The value 'many' is invalid for '--count <count>'"),
        ("serve --nonsense", "Unknown option '--nonsense'"),
        ("user list --port 80", "Unknown option '--port'"),
        ("serve --port 70000", "--port must be 0 to 65535."),
        ("serve --metrics-port all", "--metrics-port must be 0 to 65535."),
        ("serve --port -1", "Missing value for '--port <port>'"),
        ("serve --database-connections 3", "--database-connections must be 4 to 100."),
        ("serve --log-level loud", "--log-level must be one of trace, debug, info,"),
        ("serve --log-format xml", "--log-format must be one of text, json."),
        ("serve --migrate maybe", "--migrate must be one of on, off."),
        ("serve --number-check no", "--number-check must be one of possible, valid, e164."),
        ("serve --database-url mysql://x", "--database-url must be sqlite: and the path"),
        ("seed --database-url sqlite::memory:", "--database-url must be sqlite: and the"),
        (
            "serve --port 9999 --metrics-port 9999",
            "--metrics-port must be another port than --port, which is 9999."
        ),
        ("serve --cors-origins shop.example", "--cors-origins must be * or a comma-"),
        ("serve --public-url shop.example", "--public-url must be http:// or https:// and"),
        ("serve --no-auth maybe", "--no-auth must be one of 0, 1, any-address."),
        (
            "serve --host 0.0.0.0 --no-auth",
            "--no-auth must be any-address to let every client on 0.0.0.0 change the numbers."
        ),
        ("user add no_such_name!", "A user name may contain letters a to z, digits and"),
        ("user add ana --role boss", "The value 'boss' is invalid for '--role"),
        ("export - --decimal ,", "--decimal , needs --separator ';'."),
        ("export - --sort price", "--sort cannot be price. Columns: id, value,"),
        ("export - --sort value:desc", "or --sort=-value for descending order."),
        ("export - --currency banana", "--currency must be an ISO 4217 code"),
        ("export - --prefix abc", "--prefix may contain digits, blanks,"),
        (
            "export - --monthy-price-from 2 --monthy-price-to 1",
            "--monthy-price-from must not be greater than --monthy-price-to, which is 1.00."
        ),
        (
            "export - --setup-price-to 1,50 --sort price",
            "currency. --setup-price-to must use a dot as the decimal separator: 1.50."
        ),
        ("export numbers.json", "--format must be csv, ndjson or xlsx."),
        ("export - --format json", "It must be csv, ndjson or xlsx."),
        ("import numbers.json --sheet Prices", "--sheet is for workbooks (.xlsx) only."),
        ("import - --mode replace", "The value 'replace' is invalid for '--mode"),
        ("history prune --before yesterday", "yesterday is no day such as 2026-01-31."),
        ("sell", "Unexpected argument 'sell'"),
    ])
    func rejectsWrongUsage(command: String, message: String) async throws {
        try await Workspace.with { workspace in
            let errors = try workspace.errors(command, status: 64)
            #expect(errors.contains(message), "\(errors)")
        }
    }

    @Test(arguments: [
        ("PORT", "banana", " must be 0 to 65535. It is banana."),
        (
            "METRICS_PORT", "8080",
            " must be another port than --port, which is 8080. It is 8080."
        ),
        ("NO_AUTH", "yes", " must be one of 0, 1, any-address. It is yes."),
        ("SUPERVISOR_PASSWORD", "short", " must have at least 8 characters."),
        (
            "SUPERVISOR_PASSWORD_FILE", "/nowhere",
            ": /nowhere cannot be read: No such file or directory."
        ),
        ("SUPERVISOR_PASSWORD_FILE", "/dev/null", ": /dev/null is empty."),
        ("HOST", "a b", " must be an address or a host name. It is a b."),
        (
            "TRUSTED_PROXIES", "10.0.0.1, ten",
            " must be a comma-separated list such as 127.0.0.1,10.0.0.0/8. ten is no address."
        ),
        (
            "CORS_ORIGINS", "http://localhost:3000,http://shop.example/",
            " must be * or a comma-separated list such as https://shop.example. http://shop.example/ "
                + "is no origin, which is http:// or https:// and a host, without a path."
        ),
        ("LOG_FORMAT", "xml", " must be one of text, json. It is xml."),
    ])
    func rejectsInvalidVariables(name: String, value: String, message: String) async throws {
        try await Workspace.with { workspace in
            let errors = try workspace.errors("serve", environment: [name: value])
            #expect(errors == "Error: \(name)\(message)\n")
        }
    }

    private static let address =
        " must be an address such as postgres://carrier@db.example/inventory. "
    private static let encoding =
        "Write special characters of a password in percent-encoding: %25 for %, %40 for @, %2F for /"
    private static let place =
        " must be sqlite: and the path of a file, such as sqlite:data/inventory.sqlite, or an address "
        + "such as postgres://carrier@db.example/inventory. "

    @Test(arguments: [
        ("postgres://ana:100%secret@127.0.0.1/inventory", address + encoding + "."),
        ("postgres://ana:se?cret@127.0.0.1/inventory?foo=b%ar", address + encoding + "."),
        ("postgres://127.0.0.1/inventory?foo=bar", address + "libpq knows no parameter foo."),
        (
            "postgres://127.0.0.1/inventory?connect_timeout=3&ssl_mode=require",
            address + "libpq knows no parameter ssl_mode, but sslmode."
        ),
        (
            "postgres://127.0.0.1:70000/inventory",
            address + "The port is no number from 0 to 65535, or: " + encoding + "."
        ),
        ("mysql://ana:secret@127.0.0.1/inventory", place + "It begins with mysql."),
        ("host=127.0.0.1 user=ana password=secret", place + "It begins with host."),
        ("inventory.sqlite", place + "It is inventory.sqlite."),
    ])
    func rejectsInvalidDatabaseURLs(url: String, message: String) async throws {
        try await Workspace.with { workspace in
            let errors = try workspace.errors("serve", environment: ["DATABASE_URL": url])
            #expect(errors == "Error: DATABASE_URL\(message)\n")
        }
    }

    @Test func migrateUpdatesTablesOnce() async throws {
        try await Workspace.with { workspace in
            try FileManager.default.copyItem(
                at: URL(filePath: #filePath).deletingLastPathComponent()
                    .appending(path: "../EndToEnd/inventories/1.0.0.sqlite").standardized,
                to: workspace.folder.appending(path: "old"))
            let database = ["DATABASE_URL": "sqlite:old", "MIGRATE": "off"]
            let early = try workspace.errors("serve", environment: database)
            #expect(early.hasSuffix("Bring them up to date with: carrier migrate\n"))
            let done = "The tables of sqlite:old are up to date.\n"
            let first = try workspace.carrier("migrate", environment: database)
            #expect(first.output.contains("Done: changes.\n"))
            #expect(first.output.hasSuffix(done))
            let again = try workspace.carrier("migrate", environment: database).output
            #expect(again.contains(/^Waiting: .+ run carrier migrate --finish\.\n/))
            #expect(again.hasSuffix(done))
            let finished = try workspace.carrier("migrate --finish", environment: database)
            #expect(finished.output.hasPrefix("Done: one index for both directions.\n"))
            #expect(try workspace.carrier("migrate", environment: database).output == done)
        }
    }

    @Test(arguments: [
        ("sqlite:notes.txt", "notes.txt is not an inventory"),
        ("sqlite:notes.txt/inventory.sqlite", "does not exist and cannot be created"),
    ])
    func errorNamesFilesThatAreNoDatabase(url: String, message: String) async throws {
        try await Workspace.with { workspace in
            try Data(repeating: 0x78, count: 5_000).write(
                to: workspace.folder.appending(path: "notes.txt"))
            let errors = try workspace.errors("seed", environment: ["DATABASE_URL": url])
            #expect(errors.contains(message))
            #expect(errors.split(separator: "\n").count == 1)
        }
    }
}
