internal import Foundation
internal import Inventory
internal import Metrics
internal import ServiceLifecycle

/// Tells every few seconds what the inventory holds.
///
/// Whoever reads the metrics is told what was found last, so that no reader makes the database work,
/// and none waits where it is away. Nothing is told of what it holds then.
struct InventoryMetrics: Service {
    static let interval = Duration.seconds(10)
    /// How many currencies have a figure of their own: there may be many more, and each is a series in
    /// whatever keeps the metrics.
    static let mostCurrencies = 50

    private struct Figure: Hashable {
        let label: String
        let currency: String?

        init(_ label: String, _ currency: String? = nil) {
            self.label = label
            self.currency = currency
        }

        var meter: Meter {
            Meter(label: label, dimensions: currency.map { [("currency", $0)] } ?? [])
        }
    }

    let store: any InventoryStore

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var told: [Figure: Meter] = [:]
            while !Task.isCancelled {
                let figures = await figures()
                for (figure, meter) in told where figures[figure] == nil { meter.destroy() }
                told = figures.reduce(into: [:]) { meters, figure in
                    let meter = told[figure.key] ?? figure.key.meter
                    meter.set(figure.value)
                    meters[figure.key] = meter
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
    }

    /// What can be found out now.
    private func figures() async -> [Figure: Int] {
        var figures = [Figure("inventory_ready"): 1]
        do { try await store.checkReadiness() } catch { figures[Figure("inventory_ready")] = 0 }
        // A database that takes no writes may tell all the same.
        if let sessions = try? await store.countSessions(now: .now) {
            figures[Figure("sessions")] = sessions
        }
        if let counts = try? await store.listCurrencies() {
            for count in counts.prefix(Self.mostCurrencies) {
                figures[Figure("inventory_numbers", count.currency.symbol)] = count.count
            }
            // No currency's sign is as long.
            figures[Figure("inventory_numbers", "other")] = counts.dropFirst(Self.mostCurrencies)
                .reduce(0) { $0 + $1.count }
        }
        return figures
    }
}
