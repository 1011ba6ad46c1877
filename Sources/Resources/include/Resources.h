#include <stddef.h>

/// A file that is part of the program.
struct Resource {
    const char *_Nonnull name;
    const unsigned char *_Nonnull content;
    size_t size;
};

/// The files that `Resources.c` lists.
const struct Resource *_Nonnull resources(void);
size_t resourceCount(void);
