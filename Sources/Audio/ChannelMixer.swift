/// Mixes a file's channels to the requested number.
///
/// The mean of two channels cancels a voice with opposite phases, for example from a wrongly soldered cable. So a second whose mean has
/// much less energy than its channels is taken from the louder channel alone.
struct ChannelMixer {
    /// The mean of two independent sounds has 1/4 of the sum of their energies, of equal ones 1/2, of opposite ones 0: below this share
    /// the channels cancel each other.
    private static let cancelled: Float = 0.08

    /// The length of a cross-fade in samples, 20 ms, which prevents clicks.
    private static let fade = 320

    /// The number of requested channels; 1 for the mix of all.
    let channels: Int
    private var share: Float = 0.5

    init(channels: Int) {
        self.channels = channels
    }

    /// The requested channels of the next second of sound.
    mutating func mix(_ sound: [[Float]]) -> [[Float]] {
        guard channels == 1 else {
            let silence = [Float](repeating: 0, count: sound.first?.count ?? 0)
            return (0..<channels).map { $0 < sound.count ? sound[$0] : silence }
        }
        guard sound.count > 1 else { return sound }
        return [mix(sound[0], sound[1])]
    }

    private mutating func mix(_ left: [Float], _ right: [Float]) -> [Float] {
        var (leftEnergy, rightEnergy, product): (Float, Float, Float) = (0, 0, 0)
        for index in left.indices {
            leftEnergy += left[index] * left[index]
            rightEnergy += right[index] * right[index]
            product += left[index] * right[index]
        }
        let sum = leftEnergy + rightEnergy
        let isCancelled = (sum + 2 * product) / 4 < Self.cancelled * sum
        let target: Float = isCancelled ? (leftEnergy < rightEnergy ? 0 : 1) : 0.5
        let step = (target - share) / Float(Self.fade)
        var mixed = left
        for index in left.indices {
            share = index < Self.fade ? share + step : target
            mixed[index] = share * left[index] + (1 - share) * right[index]
        }
        return mixed
    }
}
