extension String {
    /// The candidate that the user probably meant; nil if none is similar. Case, `_` and `-` do not
    /// count. A third of the other letters may differ.
    package func closest(among candidates: [String]) -> String? {
        guard utf8.count <= 64 else { return nil }
        let word = folded
        let ranked = candidates.map { (candidate: $0, distance: word.distance(to: $0.folded)) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }),
            best.distance <= max(1, best.candidate.count / 3)
        else { return nil }
        return best.candidate
    }

    private var folded: [UInt8] {
        lowercased().utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
    }
}

extension [UInt8] {
    /// The edit distance (Levenshtein).
    fileprivate func distance(to other: [UInt8]) -> Int {
        var row = Array<Int>(0...other.count)
        for (i, mine) in enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, theirs) in other.enumerated() {
                let change = diagonal + (mine == theirs ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = Swift.min(change, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[other.count]
    }
}
