-- Prints what wrk measured as one line of JSON, all times in microseconds. Every script here requires it.

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\n{"requests": %d, "duration": %d, "median": %d, "late": %d, "failures": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
