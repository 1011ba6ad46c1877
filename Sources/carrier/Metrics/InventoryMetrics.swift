internal import Foundation
internal import Inventory
internal import Metrics
internal import ServiceLifecycle
internal import Storage

/// Tells every few seconds what the inventory holds.
///
/// Whoever reads the metrics is told what was found last, so that no reader makes the database work,
/// and none waits where it is away. Nothing is told of what it holds then.
struct InventoryMetrics: Service {
    static let interval = Duration.seconds(10)
    /// Whether it can be used at all is worth one more question each second.
    static let readinessInterval = Duration.seconds(1)
    /// How long an answer to that is waited for until it is told that there is none.
    static let longestSilence = Duration.milliseconds(1500)
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
        // What no request has asked for fails no request.
        await StoreMetrics.$countsFailures.withValue(false) {
            await cancelWhenGracefulShutdown {
                async let readiness: Void = publishReadiness()
                async let figures: Void = publishMetrics()
                _ = await (readiness, figures)
            }
        }
    }

    private func publishReadiness() async {
        let ready = Meter(label: "inventory_ready")
        while !Task.isCancelled {
            // A database that is silent is not ready, however long its answer is waited for.
            let silence = Task {
                if (try? await Task.sleep(for: Self.longestSilence)) != nil { ready.set(0) }
            }
            let isReady = (try? await store.checkReadiness()) != nil
            silence.cancel()
            await silence.value
            ready.set(isReady ? 1 : 0)
            try? await Task.sleep(for: Self.readinessInterval)
        }
    }

    private func publishMetrics() async {
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

    /// What can be found out now: a database that takes no writes may tell all the same.
    private func figures() async -> [Figure: Int] {
        async let sessions = try? store.countSessions(now: .now)
        async let counts = try? store.listCurrencies()
        var figures: [Figure: Int] = [:]
        figures[Figure("sessions")] = await sessions
        if let counts = await counts {
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
