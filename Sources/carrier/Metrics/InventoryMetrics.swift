internal import Foundation
internal import Inventory
internal import Metrics
internal import ServiceLifecycle
internal import Storage

/// Queries the store every few seconds, so a scrape neither loads the database nor waits for it.
/// If the database is unavailable, the metrics of its content are removed.
struct InventoryMetrics: Service {
    static let interval = Duration.seconds(10)
    static let readinessInterval = Duration.seconds(1)
    /// After this time without a result, the database counts as not ready.
    static let longestSilence = Duration.milliseconds(1500)
    /// How many currencies have their own series: every series costs memory in Prometheus.
    static let mostCurrencies = 50

    private struct Figure: Hashable {
        let label: String
        var currency: String?

        var meter: Meter {
            Meter(label: label, dimensions: currency.map { [("currency", $0)] } ?? [])
        }
    }

    let store: any InventoryStore

    func run() async throws {
        // Failures of these queries fail no request, so they are not counted.
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
        var published: [Figure: Meter] = [:]
        while !Task.isCancelled {
            let figures = await figures()
            for (figure, meter) in published where figures[figure] == nil { meter.destroy() }
            published = figures.reduce(into: [:]) { meters, figure in
                let meter = published[figure.key] ?? figure.key.meter
                meter.set(figure.value)
                meters[figure.key] = meter
            }
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// Queries the database; if one query fails, keeps the result of the other.
    private func figures() async -> [Figure: Int] {
        async let sessions = try? store.countSessions(now: .now)
        async let counts = try? store.listCurrencies()
        var figures: [Figure: Int] = [:]
        figures[Figure(label: "sessions")] = await sessions
        guard let counts = await counts else { return figures }
        for count in counts.prefix(Self.mostCurrencies) {
            figures[Figure(label: "inventory_numbers", currency: count.currency.symbol)] =
                count.count
        }
        // No currency symbol is as long as this label.
        figures[Figure(label: "inventory_numbers", currency: "other")] =
            counts.dropFirst(Self.mostCurrencies).reduce(0) { $0 + $1.count }
        return figures
    }
}
