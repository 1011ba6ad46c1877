-- Sends the same request at a given rate, which must be below what the server can do: wrk ... -- REQUESTS-A-SECOND

require "result"

local ffi = require "ffi"
ffi.cdef [[
    typedef struct { long seconds; long nanoseconds; } moment;
    int clock_gettime(int clock, moment *now);
]]
local CLOCK_MONOTONIC = 1
local now = ffi.new("moment")

local function milliseconds()
    ffi.C.clock_gettime(CLOCK_MONOTONIC, now)
    return tonumber(now.seconds) * 1e3 + tonumber(now.nanoseconds) / 1e6
end

local interval, due

function init(arguments)
    interval = 1e3 / tonumber(arguments[1])
    due = milliseconds()
end

-- Returns the milliseconds that wrk waits before the next request. If all connections wait for responses, missed
-- requests are not made up for: that would be a burst.
function delay()
    local at = milliseconds()
    due = math.max(due + interval, at)
    return due - at
end
