/// The file is not of the kind that it is said to be, so that no rows can be told apart.
package struct UnreadableFile: Error, Equatable {
    /// What follows "the file" in a sentence.
    package let reason: String

    static func notUTF8(line: Int) -> UnreadableFile {
        UnreadableFile(reason: "is not UTF-8 in line \(line)")
    }
}
