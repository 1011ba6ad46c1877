// Settings of the allocator of glibc, which the module Glibc lacks.
#if __has_include(<malloc.h>)
#include <malloc.h>
#endif
