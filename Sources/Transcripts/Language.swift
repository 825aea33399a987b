import Foundation

/// A language that the speech models know: the one table of languages, their names and their writing.
package struct Language: Sendable, Hashable {
    /// The code that the models use, two letters or three: "en", "yue".
    package let code: String
    /// The name in English: "German".
    package let englishName: String
    /// The name in the language itself: "Deutsch".
    package let nativeName: String
    /// Whether its script runs from right to left.
    package var isRightToLeft: Bool { ["ar", "fa", "he", "ps", "sd", "ur", "yi"].contains(code) }
    /// The separator of words and sentences: a space, or nothing in scripts without spaces.
    package var wordSeparator: String { ["ja", "zh", "yue", "th", "lo", "my", "km", "bo"].contains(code) ? "" : " " }

    /// The language of a code, an English name or a tag: "en", "EN", "english", "en-US"; nil if it is unknown.
    package init?(code: String) {
        let name = code.lowercased().trimmingCharacters(in: .whitespacesAndNewlines).replacing("_", with: "-")
        let primary = name.prefix { $0 != "-" }
        guard let language = Self.known[name] ?? Self.known[String(primary)] else { return nil }
        self = language
    }

    fileprivate init(_ code: String, _ englishName: String, _ nativeName: String) {
        self.code = code
        self.englishName = englishName
        self.nativeName = nativeName
    }

    /// Every name of a language, in lower case.
    private static let known: [String: Language] = {
        var known: [String: Language] = [:]
        for language in all {
            known[language.code] = language
            known[language.englishName.lowercased()] = language
        }
        for (other, code) in otherNames {
            known[other] = known[code]
        }
        return known
    }()

    /// Further names and codes that people use.
    private static let otherNames = [
        "mandarin": "zh", "burmese": "my", "valencian": "ca", "flemish": "nl", "castilian": "es", "haitian": "ht",
        "letzeburgesch": "lb", "pushto": "ps", "panjabi": "pa", "moldavian": "ro", "moldovan": "ro", "sinhalese": "si",
        "jv": "jw", "nb": "no", "fil": "tl", "iw": "he", "in": "id",
    ]
}

extension Language: Codable {
    /// Reads a code or another name of a language; throws if it is unknown.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let code = try container.decode(String.self)
        guard let language = Language(code: code) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "No language is called '\(code)'.")
        }
        self = language
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(code)
    }
}

extension Language {
    /// Every language that Whisper's models know, in the order of the amount of their training data.
    package static let all: [Language] = [
        Language("en", "English", "English"),
        Language("zh", "Chinese", "中文"),
        Language("de", "German", "Deutsch"),
        Language("es", "Spanish", "Español"),
        Language("ru", "Russian", "Русский"),
        Language("ko", "Korean", "한국어"),
        Language("fr", "French", "Français"),
        Language("ja", "Japanese", "日本語"),
        Language("pt", "Portuguese", "Português"),
        Language("tr", "Turkish", "Türkçe"),
        Language("pl", "Polish", "Polski"),
        Language("ca", "Catalan", "Català"),
        Language("nl", "Dutch", "Nederlands"),
        Language("ar", "Arabic", "العربية"),
        Language("sv", "Swedish", "Svenska"),
        Language("it", "Italian", "Italiano"),
        Language("id", "Indonesian", "Bahasa Indonesia"),
        Language("hi", "Hindi", "हिन्दी"),
        Language("fi", "Finnish", "Suomi"),
        Language("vi", "Vietnamese", "Tiếng Việt"),
        Language("he", "Hebrew", "עברית"),
        Language("uk", "Ukrainian", "Українська"),
        Language("el", "Greek", "Ελληνικά"),
        Language("ms", "Malay", "Bahasa Melayu"),
        Language("cs", "Czech", "Čeština"),
        Language("ro", "Romanian", "Română"),
        Language("da", "Danish", "Dansk"),
        Language("hu", "Hungarian", "Magyar"),
        Language("ta", "Tamil", "தமிழ்"),
        Language("no", "Norwegian", "Norsk"),
        Language("th", "Thai", "ไทย"),
        Language("ur", "Urdu", "اردو"),
        Language("hr", "Croatian", "Hrvatski"),
        Language("bg", "Bulgarian", "Български"),
        Language("lt", "Lithuanian", "Lietuvių"),
        Language("la", "Latin", "Latina"),
        Language("mi", "Maori", "Māori"),
        Language("ml", "Malayalam", "മലയാളം"),
        Language("cy", "Welsh", "Cymraeg"),
        Language("sk", "Slovak", "Slovenčina"),
        Language("te", "Telugu", "తెలుగు"),
        Language("fa", "Persian", "فارسی"),
        Language("lv", "Latvian", "Latviešu"),
        Language("bn", "Bengali", "বাংলা"),
        Language("sr", "Serbian", "Српски"),
        Language("az", "Azerbaijani", "Azərbaycanca"),
        Language("sl", "Slovenian", "Slovenščina"),
        Language("kn", "Kannada", "ಕನ್ನಡ"),
        Language("et", "Estonian", "Eesti"),
        Language("mk", "Macedonian", "Македонски"),
        Language("br", "Breton", "Brezhoneg"),
        Language("eu", "Basque", "Euskara"),
        Language("is", "Icelandic", "Íslenska"),
        Language("hy", "Armenian", "Հայերեն"),
        Language("ne", "Nepali", "नेपाली"),
        Language("mn", "Mongolian", "Монгол"),
        Language("bs", "Bosnian", "Bosanski"),
        Language("kk", "Kazakh", "Қазақша"),
        Language("sq", "Albanian", "Shqip"),
        Language("sw", "Swahili", "Kiswahili"),
        Language("gl", "Galician", "Galego"),
        Language("mr", "Marathi", "मराठी"),
        Language("pa", "Punjabi", "ਪੰਜਾਬੀ"),
        Language("si", "Sinhala", "සිංහල"),
        Language("km", "Khmer", "ខ្មែរ"),
        Language("sn", "Shona", "ChiShona"),
        Language("yo", "Yoruba", "Yorùbá"),
        Language("so", "Somali", "Soomaali"),
        Language("af", "Afrikaans", "Afrikaans"),
        Language("oc", "Occitan", "Occitan"),
        Language("ka", "Georgian", "ქართული"),
        Language("be", "Belarusian", "Беларуская"),
        Language("tg", "Tajik", "Тоҷикӣ"),
        Language("sd", "Sindhi", "سنڌي"),
        Language("gu", "Gujarati", "ગુજરાતી"),
        Language("am", "Amharic", "አማርኛ"),
        Language("yi", "Yiddish", "ייִדיש"),
        Language("lo", "Lao", "ລາວ"),
        Language("uz", "Uzbek", "Oʻzbekcha"),
        Language("fo", "Faroese", "Føroyskt"),
        Language("ht", "Haitian Creole", "Kreyòl Ayisyen"),
        Language("ps", "Pashto", "پښتو"),
        Language("tk", "Turkmen", "Türkmençe"),
        Language("nn", "Nynorsk", "Nynorsk"),
        Language("mt", "Maltese", "Malti"),
        Language("sa", "Sanskrit", "संस्कृतम्"),
        Language("lb", "Luxembourgish", "Lëtzebuergesch"),
        Language("my", "Myanmar", "မြန်မာ"),
        Language("bo", "Tibetan", "བོད་ཡིག"),
        Language("tl", "Tagalog", "Tagalog"),
        Language("mg", "Malagasy", "Malagasy"),
        Language("as", "Assamese", "অসমীয়া"),
        Language("tt", "Tatar", "Татарча"),
        Language("haw", "Hawaiian", "ʻŌlelo Hawaiʻi"),
        Language("ln", "Lingala", "Lingála"),
        Language("ha", "Hausa", "Hausa"),
        Language("ba", "Bashkir", "Башҡортса"),
        Language("jw", "Javanese", "Basa Jawa"),
        Language("su", "Sundanese", "Basa Sunda"),
        Language("yue", "Cantonese", "粵語"),
    ]
}
