import Testing

@testable import Server

struct ByteRangeTests {
    @Test(
        "ranges of bytes are read as the standard defines them",
        arguments: [
            ("bytes=0-0", 0...0), ("bytes=0-", 0...99), ("bytes=90-200", 90...99), ("bytes=-10", 90...99), ("bytes=-500", 0...99),
            ("BYTES=5-6", 5...6),
        ] as [(String, ClosedRange<Int64>)]
    )
    func satisfiable(header: String, bytes: ClosedRange<Int64>) throws {
        #expect(try #require(ByteRange(header)).resolved(size: 100) == bytes)
    }

    @Test("a range outside the file cannot be satisfied", arguments: ["bytes=100-", "bytes=100-200", "bytes=-0"])
    func unsatisfiable(header: String) throws {
        #expect(try #require(ByteRange(header)).resolved(size: 100) == nil)
    }

    @Test(
        "anything else is ignored",
        arguments: [
            "", "bytes=", "bytes=-", "bytes=6-5", "bytes=1-2,4-5", "bytes=a-b", "lines=1-2", "bytes=1--2", "bytes=99999999999999999999-",
        ]
    )
    func ignored(header: String) {
        #expect(ByteRange(header) == nil)
    }
}

struct ContentDispositionTests {
    @Test("a file name cannot break out of its header")
    func escaping() {
        #expect(
            ContentDisposition("attachment", filename: "a\"b\r\nSet-Cookie: x=ü.srt").text
                == "attachment; filename=\"a_b_Set-Cookie: x=_.srt\"; filename*=UTF-8''a%22b%0D%0ASet-Cookie%3A%20x%3D%C3%BC.srt"
        )
    }
}

struct MediaTypeTests {
    @Test("a recording keeps its type")
    func types() {
        #expect(MediaTypes.type(declared: "audio/webm;codecs=opus", filename: "recording.webm", hasVideo: false) == "audio/webm")
        #expect(MediaTypes.type(declared: "application/octet-stream", filename: "a.webm", hasVideo: false) == "audio/webm")
        #expect(MediaTypes.type(declared: nil, filename: "film.mp4", hasVideo: true) == "video/mp4")
        #expect(MediaTypes.type(declared: "text/html", filename: "a.html", hasVideo: false) == "application/octet-stream")
        #expect(MediaTypes.type(declared: "audio/x\"><script>", filename: "a.wav", hasVideo: false) == "audio/wav")
    }
}
