"""Registers media types with schemathesis, which finds this file by the variable SCHEMATHESIS_HOOKS."""

import schemathesis

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Sent as text, and as bytes.
schemathesis.serializer.alias(["application/x-ndjson", "text/tab-separated-values"], "text/plain")
schemathesis.serializer.alias(WORKBOOK, "application/octet-stream")
