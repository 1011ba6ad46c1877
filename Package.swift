// swift-tools-version: 6.2

import PackageDescription

// Warnings are errors only in CI (.ci/run), because a newer compiler may have new ones.
let isCI = Context.environment["CI"] != nil

let settings: [SwiftSetting] =
    [
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
        .enableUpcomingFeature("ExistentialAny"),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
        .enableUpcomingFeature("MemberImportVisibility"),
        // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
        .enableUpcomingFeature("InternalImportsByDefault"),
        // Fewer switches of tasks: https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ] + (isCI ? [.treatAllWarnings(as: .error)] : [])

// `carrier --version` shows this. The builder passes it, because git may be missing and SwiftPM
// caches git's output: see docs/decisions/0017-one-program-with-its-resources.md.
let revision = (Context.environment["CARRIER_REVISION"] ?? "").prefix(40)
    .filter { $0.isASCII && ($0.isLetter || $0.isNumber || "+-._".contains($0)) }

let package = Package(
    name: "telecom-carrier",
    products: [
        .executable(name: "carrier", targets: ["carrier"])
    ],
    // Exact versions: we build what we tested. See docs/decisions/0020-dependencies.md.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", exact: "2.28.1"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle.git", exact: "2.13.0"),
    ],
    targets: [
        // A target may import only the targets listed here: see docs/decisions/0001-layers-are-targets.md.
        .target(
            name: "CPhoneNumber",
            linkerSettings: [.linkedLibrary("phonenumber")]
        ),
        .target(
            name: "JSON",
            swiftSettings: settings
        ),
        .target(
            name: "Inventory",
            dependencies: [
                "CPhoneNumber",
                "JSON",
                "Resources",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        // Shared by the stores: columns, migrations, metrics, transfer.
        .target(
            name: "Storage",
            dependencies: [
                "Inventory",
                "Migrations",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: settings
        ),
        // The SQL files of both stores, embedded in the program by the C compiler.
        .target(name: "Migrations"),
        .target(
            name: "PrometheusMetrics",
            dependencies: [
                .product(name: "CoreMetrics", package: "swift-metrics")
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Threads",
            dependencies: [
                .product(name: "NIOPosix", package: "swift-nio")
            ],
            swiftSettings: settings
        ),
        .target(
            name: "NumberFiles",
            dependencies: ["Inventory", "JSON", "Threads", "Workbooks"],
            swiftSettings: settings
        ),
        // Workbooks of Excel: it knows zlib and bytes, not numbers.
        .target(
            name: "Workbooks",
            dependencies: ["CZlib"],
            swiftSettings: settings
        ),
        .target(
            name: "SQLiteStore",
            dependencies: ["CSQLite", "Inventory", "Storage", "Threads"],
            exclude: ["Migrations"],
            swiftSettings: settings
        ),
        .systemLibrary(
            name: "CSQLite",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        .systemLibrary(
            name: "CLibPQ",
            providers: [.apt(["libpq-dev"])]
        ),
        .systemLibrary(
            name: "CZlib",
            providers: [.apt(["zlib1g-dev"])]
        ),
        .target(
            name: "PostgresStore",
            dependencies: ["CLibPQ", "Inventory", "Storage", "Threads"],
            exclude: ["Migrations"],
            swiftSettings: settings
        ),
        .target(
            name: "Credentials",
            dependencies: [
                "Inventory",
                "Threads",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "HTTPServer",
            dependencies: [
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "InventoryAPI",
            dependencies: [
                "CZlib",
                "Credentials",
                "HTTPServer",
                "Inventory",
                "JSON",
                "NumberFiles",
                "Resources",
                "Threads",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "carrier",
            dependencies: [
                "CMalloc",
                "CRevision",
                "Credentials",
                "HTTPServer",
                "Inventory",
                "InventoryAPI",
                "JSON",
                "NumberFiles",
                "PostgresStore",
                "PrometheusMetrics",
                "SQLiteStore",
                "Storage",
                "Threads",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .systemLibrary(name: "CMalloc"),
        // Files that the C compiler embeds in the program.
        .target(
            name: "Resources",
            exclude: [
                "common-passwords.txt", "console", "openapi.json", "problem.html", "problems.json",
            ]
        ),
        .target(
            name: "CRevision",
            cSettings: [.define("CARRIER_REVISION", to: "\"\(revision)\"")]
        ),
        // Fuzzes the parsers of client input: `make fuzz`.
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Credentials",
                "Inventory",
                "InventoryAPI",
                "JSON",
                "NumberFiles",
                "PostgresStore",
                "SQLiteStore",
                "Storage",
                "Workbooks",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        // The stores that the tests of stores and API run on.
        .target(
            name: "StoreTesting",
            dependencies: ["Credentials", "Inventory", "PostgresStore", "SQLiteStore", "Storage"],
            path: "Tests/StoreTesting",
            swiftSettings: settings
        ),
        .testTarget(
            name: "JSONTests",
            dependencies: ["JSON"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "InventoryTests",
            dependencies: ["Inventory", "JSON", "Storage"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "NumberFilesTests",
            dependencies: [
                "Inventory", "JSON", "NumberFiles", "StoreTesting", "Threads", "Workbooks",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "StoreTests",
            dependencies: [
                "CSQLite",
                "Inventory",
                "JSON",
                "PostgresStore",
                "SQLiteStore",
                "Storage",
                "StoreTesting",
                "Threads",
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PrometheusMetricsTests",
            dependencies: [
                "PrometheusMetrics",
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ThreadsTests",
            dependencies: ["Threads"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CredentialsTests",
            dependencies: ["Credentials", "Inventory", "StoreTesting", "Threads"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HTTPServerTests",
            dependencies: [
                "HTTPServer",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "InventoryAPITests",
            dependencies: [
                "Credentials",
                "HTTPServer",
                "Inventory",
                "InventoryAPI",
                "Storage",
                "StoreTesting",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "InMemoryLogging", package: "swift-log"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "CarrierTests",
            dependencies: ["carrier", "Inventory", "Storage", "StoreTesting"],
            swiftSettings: settings
        ),
    ]
)
