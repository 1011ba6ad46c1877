import Foundation
import Testing

@Suite struct BackupCommandTests {
    @Test func backupHasTheInventoryAndItsDigest() async throws {
        try await Workspace.with(numbers: 800) { workspace in
            let run = try workspace.carrier("backup copy.sqlite")
            #expect(run.status == 0, "\(run.errors)")
            #expect(
                run.output == """
                    800 numbers and 0 users were copied and checked.
                    Backed up sqlite:data/inventory.sqlite to copy.sqlite.

                    """)
            // `carrier check` leaves the file as it is.
            let copy = " --database-url sqlite:copy.sqlite"
            #expect(
                try workspace.carrier("check" + copy).output
                    == "800 numbers and 0 users were checked: all is well.\n")
            let digest = try workspace.run(
                URL(filePath: "/usr/bin/sha256sum"), "--check --status copy.sqlite.sha256")
            #expect(digest.status == 0)
            #expect(try workspace.fileNames == ["data", "copy.sqlite", "copy.sqlite.sha256"])
            for name in ["copy.sqlite", "copy.sqlite.sha256"] {
                let path = workspace.folder.appending(path: name).path
                let attributes = try FileManager.default.attributesOfItem(atPath: path)
                #expect(attributes[.posixPermissions] as? Int == 0o600)
            }
            let export = "export - --format csv"
            #expect(
                try workspace.carrier(export + copy).output == workspace.carrier(export).output)
        }
    }

    @Test func existingFilesAreNotChanged() async throws {
        try await Workspace.with(numbers: 1) { workspace in
            for (name, reason) in [
                ("copy.sqlite", "copy.sqlite exists already, and was not changed."),
                ("copy.sqlite.sha256", "copy.sqlite.sha256 exists already, and was not changed."),
                ("copy.sqlite.partial", "copy.sqlite.partial exists already: another backup"),
            ] {
                let file = workspace.folder.appending(path: name)
                try Data("kept".utf8).write(to: file)
                let errors = try workspace.errors("backup copy.sqlite")
                #expect(errors.contains(reason), "\(errors)")
                #expect(try Data(contentsOf: file) == Data("kept".utf8))
                #expect(try workspace.fileNames == ["data", name])
                try FileManager.default.removeItem(at: file)
            }
            let absent = try workspace.errors("backup absent/copy.sqlite")
            #expect(absent.contains("cannot be written: No such file or directory."))
        }
    }

    @Test func damageIsListedAndNotBackedUp() async throws {
        try await Workspace.with(numbers: 800) { workspace in
            let file = workspace.folder.appending(path: "data/inventory.sqlite")
            var bytes = try Data(contentsOf: file)
            // Overwrites values in the table and in indexes.
            var position = bytes.startIndex
            while let range = bytes[position...].firstRange(of: Data("+55 ".utf8)) {
                bytes.replaceSubrange(range, with: Data("+56 ".utf8))
                position = range.upperBound
            }
            try bytes.write(to: file)
            let check = try workspace.carrier("check")
            #expect(check.status == 1)
            #expect(check.output.contains("does not have its digits."))
            #expect(check.output.contains("… and "))
            let backup = try workspace.errors("backup copy.sqlite")
            #expect(backup.contains("The copy has errors, so it was deleted:"))
            #expect(try workspace.fileNames == ["data"])
        }
    }
}
