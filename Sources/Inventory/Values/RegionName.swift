internal import Foundation

/// The names of countries, for sentences.
enum RegionName {
    private static let locale = Locale(identifier: "en")

    /// Such as "Brazil" for `BR`; nil for what is no country.
    static func english(_ code: String) -> String? {
        // 001 is libphonenumber's "no country", and CLDR's "world".
        guard code != "001" else { return nil }
        return locale.localizedString(forRegionCode: code)
    }
}
