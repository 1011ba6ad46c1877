/// Who is answered as a supervisor without signing in.
enum NoAuth: String {
    /// Nobody is.
    case off = "0"
    /// Everybody on this machine is.
    case loopback = "1"
    /// Everybody is who reaches the server.
    case anyAddress = "any-address"
}

extension Setting<NoAuth> {
    /// The same setting for a server that listens on `host`.
    ///
    /// Where others than this machine reach that, nobody shall let them in by habit: it takes the
    /// longer word.
    func onlyOnLoopback(_ host: String) -> Setting<NoAuth> {
        let isLoopback = ["localhost", "::1"].contains(host) || host.hasPrefix("127.")
        return checking { value in
            guard value != .loopback || isLoopback else {
                throw SettingRule("any-address to let everybody on \(host) change the numbers")
            }
        }
    }
}
