"""Registers media types with schemathesis, which finds this file by the variable SCHEMATHESIS_HOOKS."""

import schemathesis

# NDJSON is sent as text.
schemathesis.serializer.alias("application/x-ndjson", "text/plain")
