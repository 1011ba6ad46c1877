internal import Resources

/// The files that are part of the program: `Sources/Resources/Resources.c` lists them.
enum EmbeddedFiles {
    /// Their contents by name.
    static let contents = Dictionary(
        uniqueKeysWithValues: UnsafeBufferPointer(start: resources(), count: resourceCount()).map {
            file in
            let content = UnsafeBufferPointer(start: file.content, count: file.size)
            return (String(cString: file.name), [UInt8](content))
        })
}
