internal import Hummingbird

/// One file of the console, as it is and compressed; both made once, so that all answers share them.
struct ConsoleFile {
    struct Form {
        let content: ByteBuffer
        let tag: EntityTag

        init(_ content: [UInt8]) {
            self.content = ByteBuffer(bytes: content)
            // What is compressed has other bytes, and so another tag.
            tag = EntityTag(ofContent: content)
        }
    }

    let type: String
    let plain: Form
    /// It is nil where it would not be smaller.
    let compressed: Form?

    private init(_ type: String, _ content: [UInt8]) {
        self.type = type
        plain = Form(content)
        compressed = gzip(content).flatMap { $0.count < content.count ? Form($0) : nil }
    }

    static let console = ConsoleFile("text/html; charset=utf-8", PackageResources.index_html)
    static let docs = ConsoleFile("text/html; charset=utf-8", PackageResources.docs_html)

    /// By their names in the folder `Resources/console`; `ConsoleTests` compares.
    static let all: [String: ConsoleFile] = [
        "address.js": script(PackageResources.address_js),
        "api.js": script(PackageResources.api_js),
        "app.js": script(PackageResources.app_js),
        "bulk.js": script(PackageResources.bulk_js),
        "cells.js": script(PackageResources.cells_js),
        "changes.js": script(PackageResources.changes_js),
        "currencies.js": script(PackageResources.currencies_js),
        "dialog.js": script(PackageResources.dialog_js),
        "docs.js": script(PackageResources.docs_js),
        "editing.js": script(PackageResources.editing_js),
        "elements.js": script(PackageResources.elements_js),
        "exporting.js": script(PackageResources.exporting_js),
        "feed.js": script(PackageResources.feed_js),
        "filters.js": script(PackageResources.filters_js),
        "history.js": script(PackageResources.history_js),
        "importing.js": script(PackageResources.importing_js),
        "keyboard.js": script(PackageResources.keyboard_js),
        "listing.js": script(PackageResources.listing_js),
        "members.js": script(PackageResources.members_js),
        "notices.js": script(PackageResources.notices_js),
        "number.js": script(PackageResources.number_js),
        "numbers.js": script(PackageResources.numbers_js),
        "password.js": script(PackageResources.password_js),
        "people.js": script(PackageResources.people_js),
        "preferences.js": script(PackageResources.preferences_js),
        "prices.js": script(PackageResources.prices_js),
        "selection.js": script(PackageResources.selection_js),
        "session.js": script(PackageResources.session_js),
        "sign-in.js": script(PackageResources.sign_in_js),
        "table.js": script(PackageResources.table_js),
        "undo.js": script(PackageResources.undo_js),
        "console.css": style(PackageResources.console_css),
        "docs.css": style(PackageResources.docs_css),
        "icon.svg": ConsoleFile("image/svg+xml", PackageResources.icon_svg),
    ]

    private static func script(_ content: [UInt8]) -> ConsoleFile {
        ConsoleFile("text/javascript; charset=utf-8", content)
    }

    private static func style(_ content: [UInt8]) -> ConsoleFile {
        ConsoleFile("text/css; charset=utf-8", content)
    }
}
