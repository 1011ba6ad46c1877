internal import Foundation

/// A change as a store keeps it: nothing of it ever changes.
package struct ChangeRecord: Equatable, Sendable {
    /// The place of an undo among those that take back and redo one change.
    package struct Turn: Equatable, Sendable {
        /// The change that somebody asked to take back.
        package let undoes: Int64
        /// The change that all of them take back and redo.
        package let origin: Int64
        /// Counts them, from 1: after an odd one the origin is undone, after an even one redone.
        package let place: Int64

        package init(undoes: Int64, origin: Int64, place: Int64) {
            self.undoes = undoes
            self.origin = origin
            self.place = place
        }
    }

    package let id: Int64
    package let author: Author
    package let kind: Change.Kind
    package let count: Int
    /// Nil for all but an undo.
    package let turn: Turn?

    package init(
        id: Int64, author: Author, kind: Change.Kind, count: Int, turn: Turn? = nil
    ) {
        self.id = id
        self.author = author
        self.kind = kind
        self.count = count
        self.turn = turn
    }
}

extension ChangeRecord {
    /// Where a store keeps a change, in the order of ``storedValues`` and of ``init(from:)``.
    package static let columns: [StoredColumn] = [
        .integer("id"), .integer("at"), .text("username"), .text("kind"), .integer("count"),
        .integer("undoes"), .integer("origin"), .integer("place"),
    ]

    package var storedValues: [StoredValue] {
        let turn = [turn?.undoes, turn?.origin, turn?.place]
        return [
            .integer(id), .integer(author.at.wholeMilliseconds), .text(author.username),
            .text(kind.rawValue), .integer(Int64(count)),
        ] + turn.map { $0.map(StoredValue.integer) ?? .null }
    }

    /// Reads ``columns``.
    package init(from row: inout some StoredRow) throws {
        id = try row.integer()
        let at = Date(wholeMilliseconds: try row.integer())
        author = Author(username: try row.text(), at: at)
        let name = try row.text()
        guard let kind = Change.Kind(rawValue: name) else { throw UnknownKind(name: name) }
        self.kind = kind
        count = Int(try row.integer())
        if row.isNull {
            row.skip(3)
            turn = nil
        } else {
            turn = Turn(
                undoes: try row.integer(), origin: try row.integer(), place: try row.integer())
        }
    }

    private struct UnknownKind: Error {
        let name: String
    }
}
