// Debian's and Ubuntu's libpq-dev installs the header here.
#include <postgresql/libpq-fe.h>

// Swift does not import macros whose values are characters.
enum {
    CLIBPQ_SQLSTATE = PG_DIAG_SQLSTATE,
    CLIBPQ_CONSTRAINT_NAME = PG_DIAG_CONSTRAINT_NAME,
    CLIBPQ_MESSAGE_PRIMARY = PG_DIAG_MESSAGE_PRIMARY,
};
