/// An error with a message for operators that explains the problem, and how to solve it.
package protocol OperatorError: Error {
    var advice: String { get }
}

package struct NoInventory: OperatorError, CustomStringConvertible {
    private let place: String

    /// - Parameter place: The file or the address, without a password.
    package init(at place: String) {
        self.place = place
    }

    package var advice: String { description }

    package var description: String {
        """
        There is no inventory at \(place). Check the current folder and the address (--database-url, \
        DATABASE_URL). carrier serve (unless MIGRATE is off), carrier seed and carrier import --create create \
        an inventory.
        """
    }
}
