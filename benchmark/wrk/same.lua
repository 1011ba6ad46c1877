-- Sends the same request again and again, as fast as the server responds.

require "result"
