internal import Foundation

struct ProgressBar {
    let total: Int

    func show(_ count: Int) {
        guard isatty(STDERR_FILENO) == 1, total > 0 else { return }
        let width = 40
        let filled = min(width, count * width / total)
        let bar =
            String(repeating: "#", count: filled) + String(repeating: " ", count: width - filled)
        let end = count >= total ? "\n" : ""
        writeToStandardError("\r[\(bar)] \(count) of \(total)\(end)")
    }
}
