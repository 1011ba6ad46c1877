"""What schemathesis is told of media types that it does not know: it loads this by the variable SCHEMATHESIS_HOOKS."""

import schemathesis

# The lines are a text to whoever sends them.
schemathesis.serializer.alias("application/x-ndjson", "text/plain")
