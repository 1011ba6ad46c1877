internal import HTTPServer
internal import Hummingbird
internal import HummingbirdCore
internal import Inventory
internal import InventoryAPI
internal import Logging
internal import Metrics
internal import NIOCore
internal import PrometheusMetrics
internal import ServiceLifecycle

/// Tells Prometheus what the program counts, on a port of its own.
///
/// Where there is none, nothing is counted: everything that counts asks `MetricsSystem`, which then
/// knows nobody to tell.
struct MetricsServer {
    /// How many connections there are at once; further ones wait.
    static let mostConnections = 16

    private let port: ReservedPort
    private let registry = PrometheusRegistry(MetricDescription.all)
    private let process: ProcessMetrics

    /// Registers the metrics of the process with this server; called once in a process.
    init(on port: ReservedPort) {
        self.port = port
        MetricsSystem.bootstrap(registry)
        process = ProcessMetrics()
    }

    /// What has to run for the metrics of a store's inventory to be told.
    func services(of store: any InventoryStore, logger: Logger) -> [any Service] {
        let (registry, process) = (registry, process)
        // Hummingbird tells where it listens in the same words for each listener, and the API's is meant.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .notice)
        let text = { @Sendable in
            process.update()
            return registry.text()
        }
        let responder = APIResponder(
            metrics: text, mediaType: PrometheusRegistry.mediaType, logger: quiet)
        let application = Application(
            responder: responder,
            server: HTTPServerBuilder {
                BoundedHTTPChannel(responder: $0, immediate: responder)
            },
            configuration: .init(
                address: .hostname(port.host, port: port.number),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)),
            onServerRunning: { [port] _ in
                logger.info(
                    "metrics are told", metadata: ["port": .stringConvertible(port.number)])
            },
            logger: quiet)
        return [
            InventoryMetrics(store: store),
            Listener(application, on: port),
        ]
    }
}
