internal import Foundation
internal import Inventory
internal import InventoryAPI

extension AllowedOrigins {
    /// Reads the setting.
    ///
    /// - Throws: ``SettingRule``.
    init(setting text: String) throws {
        let items = text.split(separator: ",").map { $0.trimmingBlanks() }
        if items == ["*"] {
            self = .all
            return
        }
        for item in items {
            guard let url = URL(string: item), let scheme = url.scheme, url.host != nil,
                ["http", "https"].contains(scheme), !item.hasSuffix("/"), url.path.isEmpty
            else {
                throw SettingRule(
                    "* or a comma-separated list such as https://shop.example",
                    reason: """
                        \(item.shortened) is no origin, which is http:// or https:// and a host, \
                        without a path
                        """)
            }
        }
        self = .some(Set(items))
    }

    /// The setting again, for the log.
    var setting: String {
        switch self {
        case .all: "*"
        case .some(let origins): origins.isEmpty ? "none" : origins.sorted().joined(separator: ",")
        }
    }
}
