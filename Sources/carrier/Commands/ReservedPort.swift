internal import Foundation
internal import NIOCore
internal import ServiceLifecycle

/// A port that is bound before its server listens: until then, the system refuses clients at once.
///
/// The server binds it again, which Linux allows with SO_REUSEADDR if only one socket listens.
final class ReservedPort: Sendable {
    let host: String
    /// The port; for port 0, the free port that the system chose.
    let number: Int
    /// The command's flag for the port, for messages.
    fileprivate let flag: String
    private let descriptor: Int32

    init(host: String, port: Int, flag: String) throws {
        self.host = host
        self.flag = flag
        guard let address = try? SocketAddress.makeAddressResolvingHost(host, port: port) else {
            throw CommandFailure(
                """
                The host \(host) is unknown. Check --host; an address such as 127.0.0.1 needs no look-up.
                """)
        }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(address.protocol.rawValue, kind, 0)
        guard let number = Self.bind(descriptor, to: address) else {
            let failure = Self.failure(errno, host: host, port: port, flag: flag)
            close(descriptor)
            throw failure
        }
        self.number = number
    }

    deinit { close(descriptor) }

    /// Returns the port; nil after an error, which is in `errno`.
    private static func bind(_ descriptor: Int32, to address: SocketAddress) -> Int? {
        var isOn: Int32 = 1
        let size = socklen_t(MemoryLayout.size(ofValue: isOn))
        // A socket address of IPv6 has 28 bytes. One of IPv4 has its port in the same bytes.
        var bound = [UInt8](repeating: 0, count: 28)
        var boundSize = socklen_t(bound.count)
        guard descriptor >= 0,
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &isOn, size) == 0,
            address.withSockAddr({ Foundation.bind(descriptor, $0, socklen_t($1)) }) == 0,
            bound.withUnsafeMutableBytes({ bytes in
                let address = bytes.assumingMemoryBound(to: sockaddr.self).baseAddress
                return address.map { getsockname(descriptor, $0, &boundSize) } ?? -1
            }) == 0
        else { return nil }
        return Int(bound[2]) << 8 | Int(bound[3])
    }

    /// - Parameter error: Why the program cannot listen, from `errno`.
    fileprivate static func failure(
        _ error: Int32, host: String, port: Int, flag: String
    ) -> CommandFailure {
        let place = "\(host), port \(port)"
        let message =
            switch error {
            case EADDRINUSE:
                "Another program listens on \(place) already. Choose another \(flag)."
            case EACCES: "Listening on \(place) is not permitted. Ports from 1024 are for everyone."
            case EADDRNOTAVAIL: "This machine has no address \(host) to listen on."
            default: "Cannot listen on \(place): \(String(cString: strerror(error)))."
            }
        return CommandFailure(message)
    }
}

/// A server on a reserved port; its error says why it cannot listen.
struct Listener: Service {
    let server: any Service
    let port: ReservedPort

    func run() async throws {
        do {
            try await server.run()
        } catch let error as IOError {
            throw ReservedPort.failure(
                error.errnoCode, host: port.host, port: port.number, flag: port.flag)
        }
    }
}
