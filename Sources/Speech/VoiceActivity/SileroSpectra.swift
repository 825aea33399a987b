import Foundation

/// The spectra that are the input of the Silero network: the magnitudes of four overlapping frames in each window.
///
/// The published network has the Fourier transform and its Hann window as a matrix, two fifths of all its multiplications; here it
/// is a fast Fourier transform. The four frames of a window go through it together, one in each lane, and an even and an odd sample as one complex
/// number (W. H. Press et al., Numerical Recipes, chapter 12, "FFT of Real Functions").
struct SileroSpectra {
    private typealias Lanes = SIMD4<Float>
    private typealias Work = UnsafeMutablePointer<Lanes>

    /// Complex numbers in a frame.
    private static let points = SileroShape.frame / 2

    private let hann: [Float]
    /// The unit circle in steps of a frame's, clockwise.
    private let (cosines, sines): ([Float], [Float])
    /// The position of each complex number before the first stage: its index with the bits in reverse.
    private let places: [Int]

    init() {
        let angles = (0..<SileroShape.frame).map { 2 * Double.pi * Double($0) / Double(SileroShape.frame) }
        hann = angles.map { Float(0.5 - 0.5 * cos($0)) }
        (cosines, sines) = (angles.map { Float(cos($0)) }, angles.map { Float(-sin($0)) })
        places = (1..<Self.points).reduce(into: [0]) { places, number in
            places.append((places[number / 2] + (number % 2) * Self.points) / 2)
        }
    }

    /// The magnitudes of whole windows of samples: for each window four rows of `bins`.
    func magnitudes(of samples: [Float]) -> [Float] {
        let (windows, size) = (samples.count / SileroShape.window, SileroShape.frames * SileroShape.bins)
        return [Float](unsafeUninitializedCapacity: windows * size) { magnitudes, count in
            withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 2 * Self.points) { work in
                samples.withUnsafeBufferPointer { samples in
                    guard let real = work.baseAddress, let first = samples.baseAddress, let out = magnitudes.baseAddress else { return }
                    for window in 0..<windows {
                        gather(first + window * SileroShape.window, real, real + Self.points)
                        transform(real, real + Self.points)
                        unfold(real, real + Self.points, into: out + window * size)
                    }
                }
            }
            count = windows * size
        }
    }

    /// Cuts a window, mirrored at either end, into frames, and orders their samples for the transform.
    private func gather(_ samples: UnsafePointer<Float>, _ real: Work, _ imaginary: Work) {
        let (hop, last) = (SileroShape.hop, SileroShape.window - 1)
        for point in 0..<Self.points {
            let place = places[point]
            for (work, sample) in [(real, 2 * point), (imaginary, 2 * point + 1)] {
                let (start, end) = (sample - SileroShape.margin, sample - SileroShape.margin + 3 * hop)
                let frames = Lanes(samples[abs(start)], samples[start + hop], samples[start + 2 * hop], samples[last - abs(last - end)])
                work[place] = frames * hann[sample]
            }
        }
    }

    /// The discrete Fourier transform of `points` complex numbers.
    private func transform(_ real: Work, _ imaginary: Work) {
        cosines.withUnsafeBufferPointer { cosines in
            sines.withUnsafeBufferPointer { sines in
                var half = 1
                while half < Self.points {
                    let step = Self.points / half
                    for start in stride(from: 0, to: Self.points, by: 2 * half) {
                        for offset in 0..<half {
                            let (low, high) = (start + offset, start + offset + half)
                            let (cosine, sine) = (cosines[offset * step], sines[offset * step])
                            let turnedReal = real[high] * cosine - imaginary[high] * sine
                            let turnedImaginary = real[high] * sine + imaginary[high] * cosine
                            (real[high], imaginary[high]) = (real[low] - turnedReal, imaginary[low] - turnedImaginary)
                            (real[low], imaginary[low]) = (real[low] + turnedReal, imaginary[low] + turnedImaginary)
                        }
                    }
                    half *= 2
                }
            }
        }
    }

    /// Derives the spectra of the samples from those of the complex numbers, and computes their magnitudes.
    private func unfold(_ real: Work, _ imaginary: Work, into magnitudes: UnsafeMutablePointer<Float>) {
        for bin in 0..<SileroShape.bins {
            let (one, other) = (bin % Self.points, (Self.points - bin) % Self.points)
            let (evenReal, evenImaginary) = (real[one] + real[other], imaginary[one] - imaginary[other])
            let (oddReal, oddImaginary) = (imaginary[one] + imaginary[other], real[other] - real[one])
            let (cosine, sine) = (cosines[bin], sines[bin])
            let sumReal = evenReal + (oddReal * cosine - oddImaginary * sine)
            let sumImaginary = evenImaginary + (oddReal * sine + oddImaginary * cosine)
            let magnitude = (sumReal * sumReal + sumImaginary * sumImaginary).squareRoot() * 0.5
            for frame in 0..<SileroShape.frames { magnitudes[frame * SileroShape.bins + bin] = magnitude[frame] }
        }
    }
}
