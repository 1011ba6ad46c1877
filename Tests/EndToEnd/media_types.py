"""Registers media types with schemathesis, which finds this file by the variable SCHEMATHESIS_HOOKS."""

import schemathesis

# Sent as text, and as bytes.
schemathesis.serializer.alias("application/x-ndjson", "text/plain")
schemathesis.serializer.alias("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream")
