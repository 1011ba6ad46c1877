internal import HTTPTypes
internal import Hummingbird

extension ResponseBody {
    /// The whole body.
    var bytes: ByteBuffer {
        get async throws {
            let collector = BodyCollector()
            try await write(collector)
            return collector.content
        }
    }
}

private final class BodyCollector: ResponseBodyWriter {
    private(set) var content = ByteBuffer()

    func write(_ buffer: ByteBuffer) async throws {
        var buffer = buffer
        if content.readableBytes == 0 { content = buffer } else { content.writeBuffer(&buffer) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
