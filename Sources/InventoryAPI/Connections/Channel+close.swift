internal import Foundation
internal import NIOCore

extension Channel {
    /// Lets the system forget what the client has not taken when the connection is closed, and tell the
    /// client so.
    func forgetUntakenAtClose() {
        if let socket = self as? any SocketOptionProvider {
            socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
        }
    }
}
