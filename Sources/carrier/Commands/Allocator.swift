internal import CMalloc

/// The C library's memory.
enum Allocator {
    /// Lets memory for large pieces, such as answers that slow clients take their time with, come from
    /// the system and go back to it, one by one.
    ///
    /// glibc would soon take even large pieces from its heaps, which shrink only from their ends: a
    /// thousand answers cost three times their size, and it was never given back.
    static func returnLargePieces() {
        #if canImport(Glibc)
            mallopt(M_MMAP_THRESHOLD, 64 * 1024)
            // A heap for each of many threads would keep what that thread needed once.
            mallopt(M_ARENA_MAX, 4)
        #endif
    }
}
