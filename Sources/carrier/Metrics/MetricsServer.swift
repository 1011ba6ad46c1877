internal import Hummingbird
internal import HummingbirdCore
internal import Inventory
internal import InventoryAPI
internal import Logging
internal import Metrics
internal import PrometheusMetrics
internal import ServiceLifecycle

/// Serves `/metrics` and sets the registry of `MetricsSystem`. Without a registry, nothing is
/// counted.
struct MetricsServer {
    /// How many connections are served at once; further ones wait.
    static let mostConnections = 16

    private let port: ReservedPort
    private let registry = PrometheusRegistry(MetricDescription.all)
    private let process: ProcessMetrics

    /// Registers the metrics of the process; called once in a process.
    init(on port: ReservedPort) {
        self.port = port
        MetricsSystem.bootstrap(registry)
        process = ProcessMetrics()
    }

    func services(of store: any InventoryStore, logger: Logger) -> [any Service] {
        // Hummingbird logs the same line for each server: keep only the API's.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        let responder = APIResponder(
            metrics: { [registry, process] in
                process.update()
                return registry.text()
            }, mediaType: PrometheusRegistry.mediaType, logger: quiet)
        let server = responder.application(
            .init(
                address: .hostname(port.host, port: port.number),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)),
            logger: quiet
        ) { [port] _ in
            logger.info("serving metrics", metadata: ["port": .stringConvertible(port.number)])
        }
        return [InventoryMetrics(store: store), Listener(server: server, port: port)]
    }
}
