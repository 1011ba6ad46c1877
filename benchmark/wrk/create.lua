-- Creates a different number each time: wrk ... -- FIRST
--
-- They are German mobile numbers, of which the demo inventory has none.

require "result"

local BODY = '{"value": "+49151%08d", "monthyPrice": "0.03", "setupPrice": "3.40", "currency": "U$"}'
local headers, count

function init(arguments)
    count = tonumber(arguments[1])
    headers = wrk.headers
    headers["Content-Type"] = "application/json"
end

function request()
    count = count + 1
    return wrk.format("POST", wrk.path, headers, string.format(BODY, count))
end
