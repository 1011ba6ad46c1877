internal import Foundation
internal import Metrics

struct ProcessMetrics: Sendable {
    private let processorTime = Meter(label: "process_cpu_seconds_total")
    private let residentMemory = Meter(label: "process_resident_memory_bytes")
    private let openDescriptors = Meter(label: "process_open_fds")
    private let mostDescriptors = Meter(label: "process_max_fds")

    init() {
        Meter(label: "process_start_time_seconds").set(Date.now.timeIntervalSince1970)
        Meter(
            label: "build_info",
            dimensions: [
                ("version", Carrier.version), ("revision", Carrier.revision ?? "unknown"),
            ]
        ).set(1)
    }

    func update() {
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            processorTime.set(usage.ru_utime.inSeconds + usage.ru_stime.inSeconds)
        }
        var limits = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 {
            mostDescriptors.set(Double(limits.rlim_cur))
        }
        // The resident set is second: https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html
        if let sizes = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
            let pages = sizes.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        {
            residentMemory.set(pages * sysconf(Int32(_SC_PAGESIZE)))
        }
        if let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            // Reading the list has opened one of them.
            openDescriptors.set(descriptors.count - 1)
        }
    }
}

extension timeval {
    fileprivate var inSeconds: Double { Double(tv_sec) + Double(tv_usec) / 1e6 }
}
