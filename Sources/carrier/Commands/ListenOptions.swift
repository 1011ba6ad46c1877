internal import ArgumentParser

/// The flags that say where a server listens, for the server and for whoever asks it.
struct ListenOptions: ParsableArguments {
    @Option(Settings.host) var host: String?
    @Option(Settings.port) var port: String?
}
