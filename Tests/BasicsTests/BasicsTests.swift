import Basics
import SystemPackage
import TestSupport
import Testing

@Suite struct BroadcastTests {
    @Test("every subscriber of a topic receives what is sent to it, and no other")
    func topics() async {
        let broadcast = Broadcast<String, Int>()
        let streams = ["a", "a", "b"].map { broadcast.subscribe(to: $0, buffering: .unbounded) }
        broadcast.send(1, to: "a")
        broadcast.send(2, to: "b")
        broadcast.sendToAll(3)
        broadcast.finish()
        var received: [[Int]] = []
        for stream in streams { received.append(await stream.reduce(into: []) { $0.append($1) }) }
        #expect(received == [[1, 3], [1, 3], [2, 3]])
    }

    @Test("a slow subscriber keeps the newest values only, as many as it asked for")
    func slow() async {
        let broadcast = Broadcast<OneTopic, Int>()
        let stream = broadcast.subscribe(buffering: .bufferingNewest(2), first: 0)
        for number in 1...5 { broadcast.send(number) }
        broadcast.finish()
        #expect(await stream.reduce(into: []) { $0.append($1) } == [4, 5])
    }

    @Test("who subscribes after the end gets a stream that ends at once")
    func late() async {
        let broadcast = Broadcast<OneTopic, Int>()
        broadcast.finish()
        #expect(await broadcast.subscribe(buffering: .unbounded).first { _ in true } == nil)
    }
}

@Suite struct ByteCountTests {
    @Test(
        "sizes are rounded, in powers of ten",
        arguments: [
            (Int64(0), "0 B"), (999, "999 B"), (1000, "1 kB"), (999_499, "999 kB"), (999_500, "1 MB"), (77_691_713, "78 MB"),
            (999_499_999, "999 MB"), (999_500_000, "1.0 GB"), (3_095_033_483, "3.1 GB"),
        ]
    )
    func text(bytes: Int64, text: String) {
        #expect(ByteCount.text(bytes) == text)
    }
}

@Suite struct StableHashTests {
    @Test("the hash is FNV-1a", arguments: [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)])
    func vectors(text: String, hash: UInt64) {
        #expect(stableHash(text.utf8) == hash)
    }
}

@Suite struct FileLockTests {
    @Test("a lock excludes others until its file is closed; shared ones go together")
    func exclusion() async throws {
        try await TemporaryFolder.with { folder in
            func open() throws -> FileDescriptor {
                try FileDescriptor.open(folder.appending("lock"), .readWrite, options: .create, permissions: .ownerReadWrite)
            }
            let (first, second) = (try open(), try open())
            #expect(try first.tryLock())
            #expect(try !second.tryLock())
            #expect(try !second.tryLock(isShared: true))
            try first.close()
            #expect(try second.tryLock(isShared: true))
            let third = try open()
            #expect(try third.tryLock(isShared: true))
            try second.close()
            try third.close()
        }
    }
}

@Suite struct ClampingTests {
    @Test(
        "every number becomes a whole one, the nearest that there is",
        arguments: [
            (0.9, 0), (-0.9, 0), (-3.5, -3), (9e15, 9_000_000_000_000_000), (1e19, .max), (-1e19, .min), (.infinity, .max),
            (-.infinity, .min), (.nan, 0), (0x1p63, .max), (-0x1p63, .min), (.leastNonzeroMagnitude, 0),
        ]
    )
    func numbers(value: Double, expected: Int) {
        #expect(Int(clamping: value) == expected)
    }

    @Test("small types have their own ends")
    func small() {
        #expect(UInt8(clamping: 255.5) == 255)
        #expect(UInt8(clamping: -1.0) == 0)
        #expect(Int16(clamping: -40_000.0) == .min)
        #expect(UInt64(clamping: 1e300) == .max)
    }

    @Test("sums and lengths of time stop at the ends")
    func arithmetic() {
        #expect(Int.max.addingClamped(1) == .max)
        #expect(Int.min.addingClamped(-1) == .min)
        #expect(2.addingClamped(3) == 5)
        #expect(Duration.seconds(Int64.max).milliseconds == .max)
        #expect(Duration.milliseconds(1500).milliseconds == 1500)
    }
}
