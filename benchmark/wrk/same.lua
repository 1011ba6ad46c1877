-- The same request again and again, as fast as it is answered.

require "result"
