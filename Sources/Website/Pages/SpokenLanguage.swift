/// A language that can be transcribed.
struct SpokenLanguage {
    let code: String
    let name: String
    /// The language's name for itself, where it differs.
    let ownName: String?

    /// The English name for a code, or the code itself.
    static func name(of code: String) -> String {
        all.first { $0.code == code || $0.name.lowercased() == code.lowercased() }?.name ?? code
    }

    /// True for writing that puts no space between sentences.
    static func joinsWithoutSpace(_ code: String?) -> Bool {
        ["ja", "zh", "yue", "th", "lo", "my", "km", "bo"].contains(code ?? "")
    }

    /// The hundred, by English name.
    static let all: [SpokenLanguage] =
        table
        .split(separator: "\n")
        .map { line in
            let parts = line.split(separator: "|").map(String.init)
            return SpokenLanguage(code: parts[0], name: parts[1], ownName: parts.count > 2 ? parts[2] : nil)
        }
        .sorted { $0.name < $1.name }

    private static let table = """
        en|English
        zh|Chinese|中文
        de|German|Deutsch
        es|Spanish|Español
        ru|Russian|Русский
        ko|Korean|한국어
        fr|French|Français
        ja|Japanese|日本語
        pt|Portuguese|Português
        tr|Turkish|Türkçe
        pl|Polish|Polski
        ca|Catalan|Català
        nl|Dutch|Nederlands
        ar|Arabic|العربية
        sv|Swedish|Svenska
        it|Italian|Italiano
        id|Indonesian|Bahasa Indonesia
        hi|Hindi|हिन्दी
        fi|Finnish|Suomi
        vi|Vietnamese|Tiếng Việt
        he|Hebrew|עברית
        uk|Ukrainian|Українська
        el|Greek|Ελληνικά
        ms|Malay|Bahasa Melayu
        cs|Czech|Čeština
        ro|Romanian|Română
        da|Danish|Dansk
        hu|Hungarian|Magyar
        ta|Tamil|தமிழ்
        no|Norwegian|Norsk
        th|Thai|ไทย
        ur|Urdu|اردو
        hr|Croatian|Hrvatski
        bg|Bulgarian|Български
        lt|Lithuanian|Lietuvių
        la|Latin|Latina
        mi|Maori|Māori
        ml|Malayalam|മലയാളം
        cy|Welsh|Cymraeg
        sk|Slovak|Slovenčina
        te|Telugu|తెలుగు
        fa|Persian|فارسی
        lv|Latvian|Latviešu
        bn|Bengali|বাংলা
        sr|Serbian|Српски
        az|Azerbaijani|Azərbaycanca
        sl|Slovenian|Slovenščina
        kn|Kannada|ಕನ್ನಡ
        et|Estonian|Eesti
        mk|Macedonian|Македонски
        br|Breton|Brezhoneg
        eu|Basque|Euskara
        is|Icelandic|Íslenska
        hy|Armenian|Հայերեն
        ne|Nepali|नेपाली
        mn|Mongolian|Монгол
        bs|Bosnian|Bosanski
        kk|Kazakh|Қазақша
        sq|Albanian|Shqip
        sw|Swahili|Kiswahili
        gl|Galician|Galego
        mr|Marathi|मराठी
        pa|Punjabi|ਪੰਜਾਬੀ
        si|Sinhala|සිංහල
        km|Khmer|ខ្មែរ
        sn|Shona|ChiShona
        yo|Yoruba|Yorùbá
        so|Somali|Soomaali
        af|Afrikaans
        oc|Occitan
        ka|Georgian|ქართული
        be|Belarusian|Беларуская
        tg|Tajik|Тоҷикӣ
        sd|Sindhi|سنڌي
        gu|Gujarati|ગુજરાતી
        am|Amharic|አማርኛ
        yi|Yiddish|ייִדיש
        lo|Lao|ລາວ
        uz|Uzbek|Oʻzbekcha
        fo|Faroese|Føroyskt
        ht|Haitian Creole|Kreyòl Ayisyen
        ps|Pashto|پښتو
        tk|Turkmen|Türkmençe
        nn|Nynorsk
        mt|Maltese|Malti
        sa|Sanskrit|संस्कृतम्
        lb|Luxembourgish|Lëtzebuergesch
        my|Myanmar|မြန်မာ
        bo|Tibetan|བོད་ཡིག
        tl|Tagalog
        mg|Malagasy
        as|Assamese|অসমীয়া
        tt|Tatar|Татарча
        haw|Hawaiian|ʻŌlelo Hawaiʻi
        ln|Lingala|Lingála
        ha|Hausa
        ba|Bashkir|Башҡортса
        jw|Javanese|Basa Jawa
        su|Sundanese|Basa Sunda
        yue|Cantonese|粵語
        """
}
