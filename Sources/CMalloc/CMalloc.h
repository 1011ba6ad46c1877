// Swift's module Glibc lacks the functions that configure glibc's allocator.
#if __has_include(<malloc.h>)
#include <malloc.h>
#endif
