#include "CRevision.h"

// Swift knows no text that is given on its command line, and C does: Package.swift gives it. This file alone
// is compiled again where the revision is another one.
const char *carrierRevision(void) { return CARRIER_REVISION; }
