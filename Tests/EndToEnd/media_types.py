"""Registers media types with schemathesis, which loads this by the variable SCHEMATHESIS_HOOKS."""

import schemathesis

# Sent as text.
schemathesis.serializer.alias("application/x-ndjson", "text/plain")
