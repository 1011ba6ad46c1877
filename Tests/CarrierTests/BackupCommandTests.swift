import Foundation
import StoreTesting
import Testing

/// `carrier check` and `carrier backup` as processes.
@Suite struct BackupCommandTests {
    @Test func whatIsBackedUpIsTheInventory() async throws {
        try await withTemporaryFolder { folder in
            try #require(try carrier(["seed"], in: folder).status == 0)
            let run = try carrier(["backup", "copy.sqlite"], in: folder)
            #expect(run.status == 0, "\(run.errors)")
            #expect(
                run.output == """
                    800 numbers and 0 users were copied and checked.
                    Backed up sqlite:data/inventory.sqlite to copy.sqlite.

                    """)
            // A check leaves the file as it is.
            let copy = ["--database-url", "sqlite:copy.sqlite"]
            #expect(
                try carrier(["check"] + copy, in: folder).output
                    == "800 numbers and 0 users were checked: all is well.\n")
            #expect(try sumIsRight(in: folder))
            let files = FileManager.default
            for name in ["copy.sqlite", "copy.sqlite.sha256"] {
                let path = folder.appending(path: name).path
                #expect(
                    try files.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            }
            #expect(
                try Set(files.contentsOfDirectory(atPath: folder.path))
                    == ["data", "copy.sqlite", "copy.sqlite.sha256"])
            let export = ["export", "-", "--format", "csv"]
            #expect(
                try carrier(export + copy, in: folder).output
                    == carrier(export, in: folder).output)
        }
    }

    private func sumIsRight(in folder: URL) throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
        process.arguments = ["--check", "--status", "copy.sqlite.sha256"]
        process.currentDirectoryURL = folder
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    @Test func whatIsThereStays() async throws {
        try await withTemporaryFolder { folder in
            try #require(try carrier(["seed"], in: folder).status == 0)
            for (name, reason) in [
                ("copy.sqlite", "copy.sqlite exists already, and was not changed."),
                ("copy.sqlite.sha256", "copy.sqlite.sha256 exists already, and was"),
                ("copy.sqlite.partial", "copy.sqlite.partial exists already: another backup"),
            ] {
                let file = folder.appending(path: name)
                try Data("kept".utf8).write(to: file)
                let run = try carrier(["backup", "copy.sqlite"], in: folder)
                #expect(run.status == 1)
                #expect(run.errors.contains(reason), "\(run.errors)")
                #expect(try Data(contentsOf: file) == Data("kept".utf8))
                try FileManager.default.removeItem(at: file)
            }
            let absent = try carrier(["backup", "absent/copy.sqlite"], in: folder)
            #expect(absent.status == 1)
            #expect(absent.errors.contains("cannot be written: No such file or directory."))
        }
    }

    @Test func whatIsBrokenIsToldAndNotKept() async throws {
        try await withTemporaryFolder { folder in
            try #require(try carrier(["seed"], in: folder).status == 0)
            let file = folder.appending(path: "data/inventory.sqlite")
            var bytes = try Data(contentsOf: file)
            // Values, in the table and in indexes, become others.
            var position = bytes.startIndex
            while let range = bytes[position...].firstRange(of: Data("+55 ".utf8)) {
                bytes.replaceSubrange(range, with: Data("+56 ".utf8))
                position = range.upperBound
            }
            try bytes.write(to: file)
            let check = try carrier(["check"], in: folder)
            #expect(check.status == 1)
            #expect(check.output.contains("is not shown with the digits that it has."))
            #expect(check.output.contains("… and "))
            let backup = try carrier(["backup", "copy.sqlite"], in: folder)
            #expect(backup.status == 1)
            #expect(backup.errors.contains("The copy has errors, so it was deleted:"))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(names == ["data"])
        }
    }
}
