-- Requests numbers at random: wrk ... -- NUMBERS SEED

require "result"

local numbers, path

function init(arguments)
    numbers = tonumber(arguments[1])
    math.randomseed(tonumber(arguments[2]))
    path = string.gsub(wrk.path, "%d+$", "")
end

function request()
    return wrk.format("GET", path .. math.random(numbers))
end
