package import NIOCore

/// How much, and for how long, one connection may take.
package struct ConnectionLimits: Sendable {
    /// How much is parsed at once: some eighty of the smallest requests.
    package var sliceBytes = 2 * 1024
    /// The most bytes of a path and its query.
    package var longestURI = 8 * 1024
    /// The most bytes of all headers together, names and values.
    package var largestHeaders = 32 * 1024
    /// The most bytes of a short body, which is discarded if its request is rejected.
    package var shortBody = 64 * 1024
    /// How much is read from a socket at once.
    package var readBytes = 16 * 1024
    /// How much the system keeps for a connection in each direction.
    package var receiveBufferBytes = 128 * 1024
    package var sendBufferBytes = 256 * 1024
    /// How much may wait to be parsed before the connection ends.
    ///
    /// No client gets there unless it closes its side early: then all that the system has kept is
    /// read at once, which is up to twice what it was told to keep.
    package var mostUnparsedBytes = 512 * 1024
    /// How many bytes are discarded after the last response: more than any accepted body has.
    package var mostDiscardedBytes = 72 * 1024 * 1024

    /// The header `Keep-Alive`: how many seconds an idle connection stays open at least.
    ///
    /// This is less than ``idleTimeout``, which may end one ``checkInterval`` early, by the time that a
    /// response and the next request need on their way.
    package static let keepAliveSeconds = 65
    /// How long a connection may be idle between two requests.
    package var idleTimeout = TimeAmount.seconds(75)
    /// How long the head of a request may take from its first byte on.
    package var headTimeout = TimeAmount.seconds(10)
    /// How long a body may take beyond what it would at ``leastBodyRate``, since it last came as quickly as that.
    package var bodyTimeout = TimeAmount.seconds(30)
    /// The least rate at which a body has to come, in bytes a second.
    package var leastBodyRate: Int64 = 16 * 1024
    /// How long an answer may lie untaken.
    package var answerTimeout = TimeAmount.seconds(30)
    /// How many bytes of an answer must be taken between two looks to count as taking.
    package var leastProgress = 4 * 1024
    /// How often a connection is looked at.
    package var checkInterval = TimeAmount.seconds(5)
    /// How long a connection that was closed on our side waits for the client to close its own.
    package var lingerTimeout = TimeAmount.seconds(1)
    /// The same, if the client has not sent all of its last request.
    package var discardTimeout = TimeAmount.seconds(60)

    package init() {}

    /// How long a body may take for so many bytes.
    func longestTime(ofBytes count: Int) -> TimeAmount {
        .nanoseconds(Int64(count) * 1_000_000_000 / leastBodyRate)
    }
}
