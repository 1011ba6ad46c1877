/// A user, and how many sessions the user has.
package struct Account: Equatable, Sendable {
    package let user: User
    /// Those that have not expired.
    package let sessions: Int

    package init(user: User, sessions: Int) {
        self.user = user
        self.sessions = sessions
    }
}
