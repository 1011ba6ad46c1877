internal import NIOCore

package enum ConnectionLimits {
    /// How many bytes are parsed at once: about eighty of the smallest requests.
    static let sliceBytes = 2 * 1024
    /// How many bytes a path and its query may have together.
    static let longestURI = 8 * 1024
    /// How many bytes the names and values of all headers may have together.
    static let largestHeaders = 32 * 1024
    /// How many bytes a body may have on most routes. If the server does not read a longer body, it
    /// closes the connection after the response.
    package static let shortBody = 64 * 1024
    /// How many bytes are read from a socket at once.
    static let readBytes = 16 * 1024
    /// How many bytes the system buffers for a connection in each direction.
    static let receiveBufferBytes = 128 * 1024
    static let sendBufferBytes = 256 * 1024
    /// How many received bytes may wait for the parser; with more, the connection ends. Only a
    /// client that closes its side early can exceed the limit: the server then reads at once all
    /// bytes that the system has buffered, up to twice the configured size.
    static let mostUnparsedBytes = 512 * 1024
    /// How many bytes are discarded after the last response: more than any accepted body has.
    static let mostDiscardedBytes = 72 * 1024 * 1024

    /// The timeout that the header `Keep-Alive` announces. It leaves time for a round trip before
    /// ``idleTimeout``, which may expire one ``checkInterval`` early.
    package static let keepAliveSeconds = 65
    static let idleTimeout = TimeAmount.seconds(75)
    /// How long a request's head may take from its first byte.
    static let headTimeout = TimeAmount.seconds(10)
    /// How much longer a body may take than ``leastBodyRate`` allows.
    static let bodyTimeout = TimeAmount.seconds(30)
    /// The lowest accepted rate of a body, in bytes a second.
    static let leastBodyRate: Int64 = 16 * 1024
    /// How long a response may remain unread.
    static let responseTimeout = TimeAmount.seconds(30)
    /// How many bytes of a response a client must read between two checks.
    static let leastProgress = 4 * 1024
    static let checkInterval = TimeAmount.seconds(5)
    /// How long the server, after closing its side, waits for the client to do the same.
    static let lingerTimeout = TimeAmount.seconds(1)
    /// How long it waits if the client is still sending the body of its last request.
    static let discardTimeout = TimeAmount.seconds(60)
}
