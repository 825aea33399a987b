import Foundation
import Testing

@testable import Server

struct ImportAddressTests {
    @Test(
        "the name that is checked is the name that is asked",
        arguments: [
            ("https://Example.COM/talk.mp3", "example.com", "https://example.com/talk.mp3"),
            ("http://example.com.:8080/a/b.wav?x=1&y=%2F#end", "example.com", "http://example.com:8080/a/b.wav?x=1&y=%2F"),
            ("http://127.1/", "127.1", "http://127.1/"),
            ("http://[::1]:81/x", "0:0:0:0:0:0:0:1", "http://[0:0:0:0:0:0:0:1]:81/x"),
            ("http://exam%70le.com/", "example.com", "http://example.com/"),
            ("HTTP://192.0.2.1", "192.0.2.1", "http://192.0.2.1"),
        ]
    )
    func forms(text: String, host: String, whole: String) throws {
        let address = try ImportAddress(text)
        #expect(address.host == host)
        #expect(address.url?.absoluteString == whole)
    }

    @Test(
        "anything but a plain web address is rejected",
        arguments: [
            "", "talk.mp3", "/etc/passwd", "file:///etc/passwd", "ftp://example.com/a", "gopher://example.com", "http://", "http:///a",
            "http://user@example.com/", "http://user:secret@example.com/", "http://@example.com/", "http://ex%2Fample.com/",
            "http://[fe80::1%25lo]/",
            "http://example.com:0/", "http://example.com:99999/", "http+unix://socket/", "http://ex ample.com/", "//example.com/a",
        ]
    )
    func refused(text: String) {
        #expect(throws: ImportError.badAddress) { try ImportAddress(text) }
    }

    @Test("a redirect may be relative, and is checked like any address")
    func redirects() throws {
        let base = try ImportAddress("https://example.com/a/b.mp3?x")
        #expect(try ImportAddress("c.mp3", relativeTo: base).url?.absoluteString == "https://example.com/a/c.mp3")
        #expect(try ImportAddress("//other.example/d", relativeTo: base).host == "other.example")
        #expect(throws: ImportError.badAddress) { try ImportAddress("file:///etc/passwd", relativeTo: base) }
        #expect(throws: ImportError.badAddress) { try ImportAddress("http://a:b@example.com", relativeTo: base) }
    }

    @Test("the file is named like the last part of the path")
    func filename() throws {
        #expect(try ImportAddress("https://example.com/talks/%C3%9Cbung%201.mp3?token=x").filename == "Übung 1.mp3")
        #expect(try ImportAddress("https://example.com").filename == "")
    }
}
