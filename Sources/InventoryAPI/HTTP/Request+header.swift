internal import HTTPTypes
internal import Hummingbird
internal import Inventory

extension Request {
    /// The value of a header; nil where there is none, or it is long or not all ASCII.
    ///
    /// Swift compares and changes texts beyond ASCII in times that grow with the square of their length.
    func asciiHeader(_ name: HTTPField.Name) -> String? {
        headers[name].flatMap { $0.utf8.count <= 1024 && $0.isASCII ? $0 : nil }
    }
}
