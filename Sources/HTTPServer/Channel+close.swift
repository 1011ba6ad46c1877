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
