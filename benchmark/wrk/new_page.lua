-- Requests pages that were not requested before: wrk ... -- NUMBERS FIRST
--
-- Size, number and order of the page change with each request. It has 50 numbers on average, and some thousand
-- requests pass until it is requested again. Its address is never repeated: FIRST is counted up and written as
-- formatting into `q`, where it filters nothing.

require "result"

local SORTS = {
    "id", "value", "monthyPrice", "setupPrice", "currency",
    "-id", "-value", "-monthyPrice", "-setupPrice", "-currency",
}
local LARGEST_PAGE_NUMBER = 16
local pages, count = {}, 0

local function shuffle(list)
    math.randomseed(1)
    for last = #list, 2, -1 do
        local other = math.random(last)
        list[last], list[other] = list[other], list[last]
    end
end

function init(arguments)
    local numbers = tonumber(arguments[1])
    count = tonumber(arguments[2])
    for size = 25, 75 do
        for page = 1, math.min(math.floor(numbers / size), LARGEST_PAGE_NUMBER) do
            for _, sort in ipairs(SORTS) do
                pages[#pages + 1] = string.format(
                    "%s?perPage=%d&page=%d&sort=%s&q=", wrk.path, size, page, sort)
            end
        end
    end
    shuffle(pages)
end

local function formatting(number)
    local text = {}
    while number > 0 do
        local digit = number % 4 + 1
        text[#text + 1] = string.sub("-.()", digit, digit)
        number = math.floor(number / 4)
    end
    return table.concat(text)
end

function request()
    count = count + 1
    return wrk.format("GET", pages[count % #pages + 1] .. formatting(count))
end
