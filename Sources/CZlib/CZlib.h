#include <zlib.h>

/// Compresses in the gzip format (RFC 1952) as much as zlib can, which takes milliseconds.
///
/// Returns the size, which is less than `capacity`; 0 if there is not enough room.
static inline size_t gzip(const void *content, size_t size, void *output, size_t capacity) {
    z_stream stream = {
        .next_in = (Bytef *)content,
        .avail_in = (uInt)size,
        .next_out = (Bytef *)output,
        .avail_out = (uInt)capacity,
    };
    // Adding 16 to the window's size selects gzip instead of zlib's own format.
    int result = deflateInit2(
        &stream, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 9, Z_DEFAULT_STRATEGY);
    if (result != Z_OK) return 0;
    result = deflate(&stream, Z_FINISH);
    deflateEnd(&stream);
    return result == Z_STREAM_END && stream.avail_out > 0 ? capacity - stream.avail_out : 0;
}
