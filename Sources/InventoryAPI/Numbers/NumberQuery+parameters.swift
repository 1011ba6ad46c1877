internal import Inventory

extension NumberQuery {
    static let parameterNames = Paging.parameterNames + parameterNamesWithoutPage
    static let parameterNamesWithoutPage = ["sort"] + NumberFilter.names

    /// Reads the parameters of a list.
    init(_ parameters: inout QueryParameters) {
        self.init()
        paging = Paging(&parameters)
        sort = parameters.read("sort", SortKey.list) ?? []
        filter = parameters.readFilled { NumberFilter(&$0) }
    }
}
