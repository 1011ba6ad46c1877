#include "CRevision.h"

// Package.swift defines this text on the compiler's command line, which is possible in C but not in Swift. If the
// revision changes, only this file is compiled again.
const char *carrierRevision(void) { return CARRIER_REVISION; }
