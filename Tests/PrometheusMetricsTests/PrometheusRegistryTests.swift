import Metrics
@testable import PrometheusMetrics
import Testing

@Suite struct PrometheusRegistryTests {
    private let registry = PrometheusRegistry([
        MetricDescription("hits_total", .counter, "What was hit."),
        MetricDescription("level", .gauge, "A \\ and a\nline, and \"quotes\"."),
        MetricDescription("took_seconds", .histogram([0.1, 1]), "How long it took."),
        MetricDescription("sizes", .histogram([1, 2]), "How large it was."),
    ])

    private func counter(_ label: String, _ dimensions: [(String, String)] = []) -> Counter {
        Counter(label: label, dimensions: dimensions, factory: registry)
    }

    private func meter(_ label: String, _ dimensions: [(String, String)] = []) -> Meter {
        Meter(label: label, dimensions: dimensions, factory: registry)
    }

    @Test func writesCounters() {
        counter("hits_total", [("method", "GET"), ("status", "200")]).increment()
        counter("hits_total", [("method", "GET"), ("status", "200")]).increment(by: 2)
        counter("hits_total", [("method", "GET"), ("status", "404")]).increment()
        #expect(
            registry.text() == """
                # HELP hits_total What was hit.
                # TYPE hits_total counter
                hits_total{method="GET",status="200"} 3
                hits_total{method="GET",status="404"} 1

                """)
    }

    @Test func escapesLineBreaksQuotesAndBackslashes() {
        meter("level", [("sign", "a\\b\"c\nd€\r\u{0301}")]).set(0.25)
        #expect(
            registry.text() == """
                # HELP level A \\\\ and a\\nline, and "quotes".
                # TYPE level gauge
                level{sign="a\\\\b\\"c\\nd€\r\u{0301}"} 0.25

                """)
    }

    @Test func gaugesGoUpAndDown() {
        let level = meter("level")
        level.increment(by: 3)
        level.decrement()
        #expect(registry.text().contains("\nlevel 2\n"))
        let texts = [
            (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (1e-7, "1e-07"),
            (0x1p40, "1099511627776"),
        ]
        for (value, text) in texts {
            level.set(value)
            #expect(registry.text().contains("\nlevel \(text)\n"))
        }
    }

    @Test func bucketsAreCumulative() {
        let timer = Timer(
            label: "took_seconds", dimensions: [("route", "/a")], factory: registry)
        for milliseconds in [50, 100, 101, 1000, 2000] { timer.recordMilliseconds(milliseconds) }
        #expect(
            registry.text() == """
                # HELP took_seconds How long it took.
                # TYPE took_seconds histogram
                took_seconds_bucket{route="/a",le="0.1"} 2
                took_seconds_bucket{route="/a",le="1"} 4
                took_seconds_bucket{route="/a",le="+Inf"} 5
                took_seconds_sum{route="/a"} 3.251
                took_seconds_count{route="/a"} 5

                """)
    }

    @Test func recordersAreHistogramsOfPlainNumbers() {
        let sizes = Recorder(
            label: "sizes", dimensions: [], aggregate: true, factory: registry)
        for size in [1, 2, 3] { sizes.record(size) }
        let text = registry.text()
        #expect(text.contains("sizes_bucket{le=\"1\"} 1\n"))
        #expect(text.contains("sizes_bucket{le=\"+Inf\"} 3\nsizes_sum 6\nsizes_count 3\n"))
    }

    /// The system counts processor time; the program sets the counter.
    @Test func counterCanBeSet() {
        meter("hits_total").set(1.5)
        #expect(registry.text().contains("# TYPE hits_total counter\nhits_total 1.5\n"))
    }

    @Test func undescribedMetricsAreIgnored() {
        counter("unheard_of_total").increment()
        counter("level").increment()
        Timer(label: "hits_total", dimensions: [], factory: registry).recordSeconds(1)
        #expect(registry.text() == "")
    }

    @Test func seriesAreBounded() {
        for number in 0..<PrometheusRegistry.mostSeries + 10 {
            counter("hits_total", [("number", "\(number)")]).increment()
        }
        let lines = registry.text().split(separator: "\n").filter { $0.hasPrefix("hits_total{") }
        #expect(lines.count == PrometheusRegistry.mostSeries)
        // Existing series still count.
        counter("hits_total", [("number", "0")]).increment()
        #expect(registry.text().contains("hits_total{number=\"0\"} 2\n"))
    }

    @Test func destroyedSeriesAreNotWritten() {
        let (gone, kept) = (meter("level", [("a", "1")]), meter("level", [("a", "2")]))
        gone.destroy()
        #expect(!registry.text().contains("a=\"1\""))
        #expect(registry.text().contains("a=\"2\""))
        kept.destroy()
        #expect(registry.text() == "")
    }

    @Test func concurrentIncrementsAreAllCounted() async {
        let (counter, level) = (counter("hits_total"), meter("level"))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        counter.increment()
                        level.increment()
                    }
                }
            }
        }
        #expect(registry.text().contains("hits_total 8000\n"))
        #expect(registry.text().contains("level 8000\n"))
    }
}
