import Foundation
import ModelLibrary

/// The filters that turn a spectrum into mel bands; model files contain them.
///
/// The formula is librosa's `filters.mel(sr=16000, n_fft=400, n_mels=…)` with Slaney's scale and norm, with which OpenAI made
/// `mel_filters.npz`; the result has the same bits for 80 and 128 bands.
enum MelFilters {
    /// The filters, band by band, each of 201 numbers.
    static func make(bands: Int) -> [Float] {
        let points = melPoints(count: bands + 2, highest: mel(8000)).map(hertz)
        let step = 1 / (400 * (1.0 / 16_000))
        var filters: [Float] = []
        for band in 0..<bands {
            let norm = 2 / (points[band + 2] - points[band])
            for column in 0..<ModelFront.melColumns {
                let frequency = Double(column) * step
                let rising = -(points[band] - frequency) / (points[band + 1] - points[band])
                let falling = (points[band + 2] - frequency) / (points[band + 2] - points[band + 1])
                // librosa rounds twice.
                filters.append(Float(Double(Float(max(0, min(rising, falling)))) * norm))
            }
        }
        return filters
    }

    /// The filters as bytes of a file: both sizes, then the numbers.
    static func bytes(bands: Int) -> [UInt8] {
        bands.fourBytes + ModelFront.melColumns.fourBytes + make(bands: bands).flatMap { $0.bitPattern.fourBytes }
    }

    private static func melPoints(count: Int, highest: Double) -> [Double] {
        let step = highest / Double(count - 1)
        return (0..<count).map { $0 == count - 1 ? highest : Double($0) * step }
    }

    // Slaney's scale: linear up to 1,000 Hz, logarithmic above.
    private static let linearStep = 200.0 / 3
    private static let logStep = log(6.4) / 27
    private static let turn = 1000 / linearStep

    private static func mel(_ hertz: Double) -> Double {
        hertz < 1000 ? hertz / linearStep : turn + log(hertz / 1000) / logStep
    }

    private static func hertz(_ mel: Double) -> Double {
        mel < turn ? linearStep * mel : 1000 * exp(logStep * (mel - turn))
    }
}
