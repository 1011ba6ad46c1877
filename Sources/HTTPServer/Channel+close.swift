internal import Foundation
internal import NIOCore

extension Channel {
    /// Makes the system discard unsent bytes when the connection is closed, and reset the connection.
    func forgetUntakenAtClose() {
        if let socket = self as? any SocketOptionProvider {
            socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
        }
    }
}

extension ChannelHandlerContext {
    /// Closes the connection when all bytes are sent: NIO discards them otherwise, and even if only our side
    /// is closed after the client has closed its own.
    ///
    /// - Parameter empty: Is sent last, to find out when.
    func close(_ mode: CloseMode, afterSending empty: NIOAny, _ promise: EventLoopPromise<Void>?) {
        let sent = eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenComplete { _ in
            self.close(mode: mode, promise: promise)
        }
        writeAndFlush(empty, promise: sent)
    }
}
