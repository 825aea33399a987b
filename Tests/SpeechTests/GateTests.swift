import Foundation
import Testing
import Transcripts

@testable import Speech

@Suite("Gates remove what was not said")
struct GateTests {
    @Test("digital silence and the faintest noise are silent, quiet speech is not")
    func energy() {
        let gate = SilenceGate()
        #expect(gate.isSilent(Loudness(Array(repeating: 0, count: 16_000))))
        #expect(gate.isSilent(Loudness(syllables(seconds: 2, level: 0.0002))))
        #expect(!gate.isSilent(Loudness(syllables(seconds: 2, level: 0.002))))
        #expect(gate.isSilent(Loudness([])))
    }

    @Test("an even sound is not speech: hum, chord, white noise", arguments: [[50.0], [60], [100, 200], [262, 330, 392], []])
    func even(_ tones: [Double]) {
        var dice = SystemRandomNumberGenerator()
        let sound = (0..<48_000).map { place in
            tones.isEmpty
                ? Float.random(in: -0.3...0.3, using: &dice)
                : tones.reduce(Float(0)) { $0 + 0.2 * Float(sin(2 * .pi * $1 * Double(place) / 16_000)) }
        }
        #expect(SilenceGate().isSilent(Loudness(sound)))
        let spoken = zip(sound, syllables(seconds: 3, level: 0.4)).map { $0 + $1 }
        #expect(!SilenceGate().isSilent(Loudness(spoken)))
    }

    @Test("a segment over a pause is taken out, one over speech stays")
    func pause() {
        let loudness = Loudness(syllables(seconds: 3, level: 0.3) + Array(repeating: 0, count: 48_000))
        let gate = SilenceGate()
        #expect(gate.reason(from: 0, to: 2800, in: loudness) == nil)
        #expect(gate.reason(from: 3400, to: 5800, in: loudness) == .silence)
        #expect(gate.reason(from: 3100, to: 5800, in: loudness) == nil)
    }

    @Test("unlikely text counts as no speech only where the model hears none")
    func noSpeech() {
        func reason(_ mean: Double?, _ noSpeech: Double?, speech: Double? = nil) -> RemovalReason? {
            var segment = Segment(start: .zero, end: Timestamp(milliseconds: 900), text: "So", averageLogProbability: mean)
            segment.noSpeechProbability = noSpeech
            return DoubtGate().reason(for: segment, speech: speech)
        }
        #expect(reason(-1.1, 0.7) == .noSpeech)
        #expect(reason(-0.9, 0.99) == nil)
        #expect(reason(-1.1, 0.5) == nil)
        #expect(reason(-1.7, 0.1) == .lowProbability)
        #expect(reason(-1.7, nil, speech: 0.4) == .lowProbability)
        #expect(reason(-1.7, 0.1, speech: 5) == nil)
        #expect(reason(nil, 0.9) == nil)
    }

    @Test(
        "credits for subtitles are always phantoms",
        arguments: [
            "Subtitles by the Amara.org community", "Untertitel der Amara.org-Community", "Untertitelung im Auftrag des ZDF, 2021",
            "Sous-titres réalisés para la communauté d'Amara.org", "Sous-titrage ST' 501",
            "Subtítulos realizados por la comunidad de Amara.org",
            "字幕由Amara.org社区提供", "Sottotitoli e revisione a cura di QTSS", "Legendas pela comunidade Amara.org", "Altyazı M.K.",
            "Napisy stworzone przez społeczność Amara.org", "Редактор субтитров А.Синецкая Корректор А.Егорова",
            "Ondertitels ingediend door de Amara.org gemeenschap", "Субтитры сделал DimaTorzok", "ترجمة نانسي قنقر",
        ]
    )
    func credits(_ text: String) {
        #expect(PhantomPhrases.contains(text, isDoubtful: false))
        #expect(PhantomPhrases.contains("  \(text.uppercased())! ", isDoubtful: false))
    }

    @Test(
        "thanks and partings are phantoms only in doubt",
        arguments: [
            "Thanks for watching!", "Thank you.", "Vielen Dank fürs Zuschauen.", "Merci d'avoir regardé cette vidéo !",
            "¡Gracias por ver el video!",
            "ご視聴ありがとうございました", "시청해주셔서 감사합니다.", "Продолжение следует...", "Obrigado por assistir.", "İzlediğiniz için teşekkürler.",
            "谢谢观看", "Grazie per la visione.", "Dziękuję za oglądanie.", "Bedankt voor het kijken.", "شكرا للمشاهدة",
        ]
    )
    func partings(_ text: String) {
        #expect(PhantomPhrases.contains(text, isDoubtful: true))
        #expect(!PhantomPhrases.contains(text, isDoubtful: false))
    }

    @Test(
        "what people say is not a phantom even in doubt",
        arguments: [
            "Thank you for watching over my dog while I was away.", "The community meets on Monday.", "Subtitles are hard to read.",
            "I used Amara.org for years, and then I found that there are programs which do all of that by themselves, without any help.",
            "Nein, danke.", "",
        ]
    )
    func spoken(_ text: String) {
        #expect(!PhantomPhrases.contains(text, isDoubtful: true))
    }

    @Test("phrases are known in at least twelve languages, and none is both certain and doubtful")
    func table() {
        #expect(Set(PhantomPhrases.whenInDoubt.keys).union(PhantomPhrases.atTheBeginning.keys).count >= 12)
        for phrase in PhantomPhrases.whenInDoubt.values.flatMap(\.self) where phrase != "Altyazı" {
            #expect(!PhantomPhrases.contains(phrase, isDoubtful: false), "\(phrase)")
        }
    }

    @Test("clear speech found by voice activity is not in doubt, and an unclear word is")
    func doubt() {
        var segment = Segment(start: .zero, end: Timestamp(milliseconds: 900), text: "Thank you.", averageLogProbability: -0.1)
        segment.noSpeechProbability = 0.01
        #expect(!DoubtGate().doubts(segment, speech: 4))
        #expect(DoubtGate().doubts(segment, speech: 0.3))
        #expect(DoubtGate().doubts(segment, speech: nil))
        segment.noSpeechProbability = 0.4
        #expect(DoubtGate().doubts(segment, speech: 4))
        segment.noSpeechProbability = 0.01
        segment.averageLogProbability = -0.8
        #expect(DoubtGate().doubts(segment, speech: 4))
    }

    /// A tone that comes and goes as syllables do, five times a second.
    private func syllables(seconds: Int, level: Double) -> [Float] {
        (0..<seconds * 16_000).map { place in
            let time = Double(place) / 16_000
            return Float(level * sin(2 * .pi * 200 * time) * max(0.01, sin(2 * .pi * 5 * time)))
        }
    }
}
