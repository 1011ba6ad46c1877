@testable import InventoryAPI
import Testing

/// Which `traceparent` headers are logged.
@Suite struct TraceParentTests {
    private static let valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    @Test func validHeaderIsAccepted() { #expect(TraceParent([Self.valid])?.text == Self.valid) }

    @Test(arguments: [
        "", "00", valid + "-", valid + " ", valid + "-x", valid.uppercased(),
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7\n01",
        String(repeating: "-", count: 55),
    ])
    func malformedHeaderIsIgnored(text: String) { #expect(TraceParent([text]) == nil) }

    @Test func severalHeadersAreIgnored() {
        #expect(TraceParent([Self.valid, Self.valid]) == nil)
        #expect(TraceParent([]) == nil)
    }
}
