#include <stddef.h>

/// A file that is part of the program.
struct Resource {
    const char *_Nonnull name;
    const unsigned char *_Nonnull content;
    size_t size;
};

/// Common passwords in lower case, one a line.
struct Resource commonPasswords(void);

/// The console and the API's description.
const struct Resource *_Nonnull resources(void);
size_t resourceCount(void);
