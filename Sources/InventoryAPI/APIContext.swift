internal import HTTPTypes
package import Hummingbird

/// What is known of a request beside the request itself.
package struct APIContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// What the client, the log and every problem call this request.
    ///
    /// Set by ``RequestIDMiddleware``.
    var requestID = ""

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
    }
}
