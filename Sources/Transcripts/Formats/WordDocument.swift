import Foundation

/// A word processor's document (Office Open XML, ECMA-376 part 1): a title, and paragraphs that begin with the speaker and the time.
///
/// Each paragraph has a language, for spelling; scripts from right to left are marked, and Chinese, Japanese and Korean as East Asian text.
struct WordDocument {
    let data: Data

    init(_ transcript: Transcript, title: String?) {
        let title = (title ?? "Transcript").inOneLine
        var archive = ZipArchive()
        archive.add("[Content_Types].xml", Data(Self.contentTypes.utf8))
        archive.add("_rels/.rels", Data(Self.relationships.utf8))
        archive.add("docProps/core.xml", Data(Self.properties(title: title, language: transcript.textLanguage).utf8))
        archive.add("word/_rels/document.xml.rels", Data(Self.documentRelationships.utf8))
        archive.add("word/styles.xml", Data(Self.styles(for: transcript.textLanguage).utf8))
        archive.add("word/document.xml", Data(Self.document(transcript, title: title).utf8))
        data = archive.data
    }

    private static func document(_ transcript: Transcript, title: String) -> String {
        let heading = paragraph(style: "Title", language: transcript.textLanguage, runs: [(nil, title)])
        let paragraphs = Paragraph.paragraphs(of: transcript).map { paragraph in
            var runs: [(style: String?, text: String)] = []
            if let speaker = paragraph.speaker?.inOneLine, !speaker.isEmpty { runs.append(("Speaker", speaker + " ")) }
            runs.append(("Time", paragraph.start.clockText + " "))
            runs.append((nil, paragraph.text))
            return Self.paragraph(style: "BodyText", language: paragraph.language, runs: runs)
        }
        return """
            \(declaration)
            <w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
            \(heading)\(paragraphs.joined())\
            <w:sectPr><w:pgSz w:w="11906" w:h="16838"/>\
            <w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>
            </w:body></w:document>

            """
    }

    private static func paragraph(style: String, language: Language?, runs: [(style: String?, text: String)]) -> String {
        let isRightToLeft = language?.isRightToLeft == true
        let written = runs.map { run in
            let style = run.style.map { "<w:rStyle w:val=\"\($0)\"/>" } ?? ""
            // Digits and Latin letters of the time keep their own direction inside a paragraph from right to left.
            let direction = isRightToLeft && run.style != "Time" ? "<w:rtl/>" : ""
            let properties = style + direction + languageMark(language)
            return "<w:r><w:rPr>\(properties)</w:rPr><w:t xml:space=\"preserve\">\(run.text.escapedForXML)</w:t></w:r>"
        }
        let bidirectional = isRightToLeft ? "<w:bidi/>" : ""
        return "<w:p><w:pPr><w:pStyle w:val=\"\(style)\"/>\(bidirectional)</w:pPr>\(written.joined())</w:p>\n"
    }

    /// The mark for a language, in the attribute for its kind of script.
    private static func languageMark(_ language: Language?) -> String {
        guard let language else { return "" }
        let attribute = language.isRightToLeft ? "w:bidi" : ["zh", "yue", "ja", "ko"].contains(language.code) ? "w:eastAsia" : "w:val"
        return "<w:lang \(attribute)=\"\(tag(of: language))\"/>"
    }

    /// The language's tag; Word needs a country for Chinese, to know the script.
    private static func tag(of language: Language) -> String {
        ["zh": "zh-CN", "yue": "zh-HK", "ja": "ja-JP", "ko": "ko-KR", "jw": "jv"][language.code] ?? language.code
    }

    private static let declaration = #"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#

    private static func properties(title: String, language: Language?) -> String {
        """
        \(declaration)
        <cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
        xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>\(title.escapedForXML)</dc:title><dc:creator>Earshot</dc:creator>\
        \(language.map { "<dc:language>\(tag(of: $0))</dc:language>" } ?? "")</cp:coreProperties>

        """
    }

    private static func styles(for language: Language?) -> String {
        """
        \(declaration)
        <w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
        <w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Arial"/><w:sz w:val="22"/><w:szCs w:val="22"/>\
        \(languageMark(language))</w:rPr></w:rPrDefault>\
        <w:pPrDefault><w:pPr><w:spacing w:after="160" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>
        <w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>
        <w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:next w:val="BodyText"/><w:qFormat/>\
        <w:rPr><w:b/><w:bCs/><w:sz w:val="40"/><w:szCs w:val="40"/></w:rPr></w:style>
        <w:style w:type="paragraph" w:styleId="BodyText"><w:name w:val="Body Text"/><w:basedOn w:val="Normal"/><w:qFormat/></w:style>
        <w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/></w:style>
        <w:style w:type="character" w:styleId="Speaker"><w:name w:val="Speaker"/><w:rPr><w:b/><w:bCs/></w:rPr></w:style>
        <w:style w:type="character" w:styleId="Time"><w:name w:val="Time"/><w:rPr><w:color w:val="767676"/></w:rPr></w:style>
        </w:styles>

        """
    }

    private static let contentTypes = """
        \(declaration)
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\
        <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
        <Default Extension="xml" ContentType="application/xml"/>\
        <Override PartName="/word/document.xml" \
        ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>\
        <Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>\
        <Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>

        """

    private static let relationships = """
        \(declaration)
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
        <Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" \
        Target="word/document.xml"/>\
        <Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" \
        Target="docProps/core.xml"/></Relationships>

        """

    private static let documentRelationships = """
        \(declaration)
        <Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
        <Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/>\
        </Relationships>

        """
}
