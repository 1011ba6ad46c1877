internal import Foundation

struct ProgressBar {
    let total: Int
    private let isTerminal = isatty(STDERR_FILENO) == 1

    init(total: Int) {
        self.total = total
    }

    func show(_ count: Int) {
        guard isTerminal, total > 0 else { return }
        let width = 40
        let filled = min(width, count * width / total)
        let bar =
            String(repeating: "#", count: filled) + String(repeating: " ", count: width - filled)
        let end = count >= total ? "\n" : ""
        let line = "\r[\(bar)] \(count) of \(total)\(end)"
        writeToStandardError(line)
    }
}
