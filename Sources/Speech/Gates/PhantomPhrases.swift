import Foundation
import Transcripts

/// Sentences that Whisper's models invent in silence, learned from subtitles that continued through it.
///
/// Collected by users in the discussions 679 and 928 of github.com/openai/whisper. Credits for subtitles are never spoken; thanks for watching
/// are, so they are removed only where there is another reason to doubt them.
enum PhantomPhrases {
    /// Whether a segment's text is an invented sentence.
    ///
    /// - Parameter isDoubtful: Whether there is another reason to doubt that it was said.
    static func contains(_ text: String, isDoubtful: Bool) -> Bool {
        let text = compared(text)
        guard !text.isEmpty else { return false }
        if credits.contains(where: { text.hasPrefix($0) && text.count <= $0.count + 40 }) { return true }
        if names.contains(where: { text.contains($0) && text.count <= $0.count + 60 }) { return true }
        return isDoubtful && partings.contains(text)
    }

    /// The reason to remove a segment; nil to keep it.
    static func reason(for segment: Segment, isDoubtful: Bool) -> RemovalReason? {
        contains(segment.text, isDoubtful: isDoubtful) ? .phantomPhrase : nil
    }

    /// A text without case, punctuation and white space, and with composed accents, for comparing.
    static func compared(_ text: String) -> String {
        String(text.precomposedStringWithCanonicalMapping.lowercased().replacing("ı", with: "i").filter { $0.isLetter || $0.isNumber })
    }

    private static let names = phrases(of: alwaysInside).map(compared)
    private static let credits = phrases(of: atTheBeginning).map(compared)
    private static let partings = Set(phrases(of: whenInDoubt).map(compared))

    private static func phrases(of table: [String: [String]]) -> [String] {
        table.keys.sorted().flatMap { table[$0] ?? [] }
    }

    /// Names that only occur in credits, by the language in which they were seen.
    static let alwaysInside: [String: [String]] = [
        "ar": ["نانسي قنقر"],
        "de": ["Stephanie Geiges"],
        "el": ["AUTHORWAVE"],
        "en": ["Amara.org", "www.mooji.org", "zeoranger.co.uk"],
        "es": ["www.alimmenta.com"],
        "fr": ["SousTitreur.com"],
        "it": ["a cura di QTSS"],
        "pl": ["www.multi-moto.eu"],
        "ru": ["DimaTorzok", "А.Синецкая", "А.Егорова"],
        "sv": ["svensktextning.nu"],
        "vi": ["Ghiền Mì Gõ"],
        "zh": ["支持明镜与点点栏目", "支持明鏡與點點欄目", "字幕志愿者", "字幕by索兰娅"],
    ]

    /// The beginnings of credits, which are never read out, by language; a name or a year follows.
    static let atTheBeginning: [String: [String]] = [
        "cs": ["Titulky vytvořil"],
        "da": ["Danske tekster af"],
        "de": [
            "Untertitelung im Auftrag des ZDF", "Untertitel im Auftrag des ZDF", "Untertitelung des ZDF", "Untertitelung. BR",
            "Copyright WDR",
        ],
        "en": ["Subtitles by the", "Captions by the", "Closed captioning provided by"],
        "es": ["Subtítulos realizados por", "Subtitulado por la comunidad"],
        "fr": ["Sous-titres réalisés par", "Sous-titres réalisés para", "Sous-titrage ST'", "Sous-titrage Société Radio-Canada"],
        "he": ["תרגום וכתוביות"],
        "hu": ["A feliratot készítette"],
        "it": ["Sottotitoli creati dalla comunità", "Sottotitoli e revisione a cura"],
        "ja": ["字幕は"],
        "ko": ["자막 제공", "한글자막 by"],
        "nl": ["Ondertitels ingediend door", "Ondertiteld door de", "TV Gelderland 20"],
        "no": ["Tekstet av", "Teksting av", "Norsk teksting av"],
        "pl": ["Napisy stworzone przez"],
        "pt": ["Legendas pela comunidade", "Transcrição e Legendas"],
        "ru": ["Редактор субтитров", "Субтитры сделал", "Субтитры создавал", "Субтитры добавил"],
        "sv": ["Undertexter från"],
        "tr": ["Altyazı M.K", "Çeviri ve Altyazı M.K"],
        "uk": ["Субтитрувальниця"],
        "zh": ["请不吝点赞", "請不吝點贊", "字幕由"],
    ]

    /// Phrases that people say at the end of a video, and that models invent in any silence, by language.
    static let whenInDoubt: [String: [String]] = [
        "ar": ["شكرا للمشاهدة", "شكرا على المشاهدة", "اشتركوا في القناة", "شكرا"],
        "cs": ["Děkuji za pozornost", "Děkujeme za sledování"],
        "da": ["Tak fordi du så med", "Tak for at du så med"],
        "de": [
            "Vielen Dank", "Vielen Dank fürs Zuschauen", "Vielen Dank für's Zuschauen", "Danke fürs Zuschauen", "Bis zum nächsten Mal",
            "Das war's",
        ],
        "el": ["Ευχαριστώ που παρακολουθήσατε", "Ευχαριστώ"],
        "en": [
            "Thanks for watching", "Thank you for watching", "Thank you so much for watching", "Thanks for listening", "Thank you",
            "Thank you very much", "Thank you so much", "Bye", "Bye bye", "You", "See you next time", "See you in the next video",
            "Please subscribe", "Please subscribe to my channel", "Like and subscribe", "Don't forget to subscribe", "The end", "Oh",
            "Okay", "So",
        ],
        "es": [
            "Gracias", "Muchas gracias", "Gracias por ver el video", "Gracias por ver el vídeo", "Suscríbete", "Suscríbete al canal",
            "Hasta la próxima",
        ],
        "fi": ["Kiitos kun katsoit", "Kiitos"],
        "fr": ["Merci", "Merci d'avoir regardé cette vidéo", "Merci d'avoir regardé", "Merci à tous", "Abonnez-vous", "À bientôt"],
        "he": ["תודה רבה", "תודה על הצפייה"],
        "hi": ["धन्यवाद", "देखने के लिए धन्यवाद"],
        "hu": ["Köszönöm, hogy megnézted", "Köszönöm a figyelmet"],
        "id": ["Terima kasih", "Terima kasih telah menonton", "Terima kasih sudah menonton", "Sampai jumpa di video selanjutnya"],
        "it": ["Grazie", "Grazie per la visione", "Grazie a tutti", "Alla prossima", "Iscriviti al canale"],
        "ja": [
            "ご視聴ありがとうございました", "ご清聴ありがとうございました", "ありがとうございました", "おやすみなさい", "チャンネル登録をよろしくお願いします", "次の動画でお会いしましょう",
            "最後までご視聴いただき、ありがとうございました",
        ],
        "ko": ["시청해 주셔서 감사합니다", "시청해주셔서 감사합니다", "구독과 좋아요 부탁드립니다", "감사합니다", "MBC 뉴스 이덕영입니다", "다음 영상에서 만나요"],
        "nl": ["Bedankt voor het kijken", "Dank u wel", "Tot de volgende keer"],
        "no": ["Takk for at du så på", "Takk for at du så med", "Takk for ating med"],
        "pl": ["Dziękuję", "Dziękuję za uwagę", "Dziękuję za oglądanie", "Dzięki za oglądanie"],
        "pt": ["Obrigado", "Obrigada", "Obrigado por assistir", "Obrigada por assistir", "Inscreva-se no canal", "Até a próxima"],
        "ro": ["Mulțumesc", "Mulțumesc pentru vizionare", "Vă mulțumesc pentru vizionare", "Să vă mulțumim pentru vizionare"],
        "ru": [
            "Продолжение следует", "Спасибо за просмотр", "Спасибо за внимание", "Подписывайтесь на канал", "Подписывайтесь на наш канал",
        ],
        "sv": ["Tack för att du tittade", "Tack för att ni tittade", "Tack"],
        "th": ["ขอบคุณที่รับชม", "โปรดติดตามตอนต่อไป"],
        "tr": ["İzlediğiniz için teşekkürler", "İzlediğiniz için teşekkür ederim", "Abone olmayı unutmayın", "Teşekkürler", "Altyazı"],
        "uk": ["Дякую за перегляд", "Дякую за увагу", "Дякую", "Підписуйтесь на наш канал"],
        "vi": [
            "Cảm ơn các bạn đã theo dõi", "Hẹn gặp lại các bạn trong những video tiếp theo", "Cảm ơn các bạn đã theo dõi và hẹn gặp lại",
        ],
        "zh": ["谢谢观看", "謝謝觀看", "谢谢大家", "谢谢", "謝謝", "多謝您收睇時局新聞"],
    ]
}
