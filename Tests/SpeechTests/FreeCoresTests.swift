import Testing

@testable import Speech

struct FreeCoresTests {
    @Test(
        "there are never more threads than idle cores, and always one",
        arguments: [
            (cores: 2, others: 0.1, recognitions: 1, limit: 2, threads: 2),
            (cores: 2, others: 1.0, recognitions: 1, limit: 2, threads: 1),
            (cores: 2, others: 2.0, recognitions: 1, limit: 2, threads: 1),
            (cores: 2, others: 0.0, recognitions: 2, limit: 2, threads: 1),
            (cores: 16, others: 3.2, recognitions: 1, limit: 8, threads: 8),
            (cores: 16, others: 12.1, recognitions: 1, limit: 8, threads: 4),
            (cores: 64, others: 0, recognitions: 3, limit: 8, threads: 2),
            (cores: 64, others: 0, recognitions: 1, limit: 1, threads: 1),
        ]
    )
    func share(cores: Int, others: Double, recognitions: Int, limit: Int, threads: Int) {
        #expect(FreeCores.share(cores: cores, others: others, recognitions: recognitions, limit: limit) == threads)
    }
}
