package import NIOCore

/// The limits of one connection.
package struct ConnectionLimits: Sendable {
  /// How much is parsed at once: some eighty of the smallest requests.
  package var sliceBytes = 2 * 1024
  /// The most bytes of a path and its query.
  package var longestURI = 8 * 1024
  /// The most bytes of all headers together, names and values.
  package var largestHeaders = 32 * 1024
  /// The most bytes of a short body: most routes accept no more. If its request is rejected, it is discarded.
  package static let shortBody = 64 * 1024
  /// How many bytes are read from a socket at once.
  package var readBytes = 16 * 1024
  /// How many bytes the system buffers for a connection in each direction.
  package var receiveBufferBytes = 128 * 1024
  package var sendBufferBytes = 256 * 1024
  /// How many bytes may wait to be parsed before the connection ends.
  ///
  /// Only a client that closes its side early can exceed it: then all buffered bytes are read at once, and the
  /// system buffers up to twice as many as configured.
  package var mostUnparsedBytes = 512 * 1024
  /// How many bytes are discarded after the last response: more than any accepted body has.
  package var mostDiscardedBytes = 72 * 1024 * 1024

  /// The header `Keep-Alive`: how many seconds an idle connection stays open at least.
  ///
  /// It is less than ``idleTimeout``, which may end one ``checkInterval`` early, by the travel time of a response
  /// and the next request.
  package static let keepAliveSeconds = 65
  /// How long a connection may be idle between two requests.
  package var idleTimeout = TimeAmount.seconds(75)
  /// How long the head of a request may take from its first byte on.
  package var headTimeout = TimeAmount.seconds(10)
  /// How long a body may take beyond the time that ``leastBodyRate`` allows.
  package var bodyTimeout = TimeAmount.seconds(30)
  /// The least rate of a body, in bytes a second.
  package var leastBodyRate: Int64 = 16 * 1024
  /// How long a response may remain unread.
  package var responseTimeout = TimeAmount.seconds(30)
  /// How many bytes of a response a client must read between two checks.
  package var leastProgress = 4 * 1024
  /// How often a connection is checked.
  package var checkInterval = TimeAmount.seconds(5)
  /// How long the server waits for the client to close its side after ours.
  package var lingerTimeout = TimeAmount.seconds(1)
  /// The same, if the client has not sent all of its last request.
  package var discardTimeout = TimeAmount.seconds(60)

  package init() {}

  /// How long so many bytes of a body may take.
  func longestTime(ofBytes count: Int) -> TimeAmount {
    .nanoseconds(Int64(count) * 1_000_000_000 / leastBodyRate)
  }
}
