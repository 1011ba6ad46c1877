package import Credentials

extension ScryptCost {
    /// Next to nothing, so that a test's users cost no time.
    package static let least = ScryptCost(logarithm: 1, blockSize: 1, parallelism: 1)
}
