import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

extension LocalHub {
    /// Answers until the task is cancelled.
    func serve(_ server: NIOAsyncChannel<Connection, Never>) async throws {
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    // Clients that disconnect are part of the tests.
                    group.addTask { try? await self.serve(connection) }
                }
            }
        }
    }

    private func serve(_ connection: Connection) async throws {
        try await connection.executeThenClose { inbound, outbound in
            for try await part in inbound {
                guard case .head(let head) = part else { continue }
                guard try await answer(head, to: outbound) else { return }
            }
        }
    }

    private typealias Outbound = NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>

    /// The parts of an answer, decided in one step, so that simultaneous requests take one fault each.
    private struct Answer {
        var status = 200
        var headers: HTTPHeaders = [:]
        var body = Data()
        var fault: Fault?
        /// Ends with a stall; created first, so that it can't be released too early.
        var gate: AsyncStream<Void>?
        var bytesPerSecond: Int?
    }

    /// Answers a request; returns false if the connection must end now.
    private func answer(_ head: HTTPRequestHead, to outbound: Outbound) async throws -> Bool {
        let answer = decide(head)
        var response = HTTPResponseHead(version: .http1_1, status: .init(statusCode: answer.status), headers: answer.headers)
        response.headers.replaceOrAdd(name: "content-length", value: "\(answer.body.count)")
        try await outbound.write(.head(response))
        var sent = 0
        if case .stall(let count) = answer.fault {
            try await send(answer.body.prefix(count), of: answer, to: outbound)
            sent = min(count, answer.body.count)
            if let gate = answer.gate { for await _ in gate {} }
        }
        if case .breakOff(let count) = answer.fault {
            try await send(answer.body.prefix(count), of: answer, to: outbound)
            return false
        }
        try await send(answer.body.dropFirst(sent), of: answer, to: outbound)
        try await outbound.write(.end(nil))
        return true
    }

    private func send(_ bytes: Data, of answer: Answer, to outbound: Outbound) async throws {
        var rest = bytes
        while !rest.isEmpty {
            let piece = rest.prefix(answer.bytesPerSecond.map { max(1, $0 / 20) } ?? 256 << 10)
            try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: piece))))
            rest = rest.dropFirst(piece.count)
            if answer.bytesPerSecond != nil { try await Task.sleep(for: .milliseconds(50)) }
        }
    }

    private static let bytesPrefix = "/bytes-of"

    private func decide(_ head: HTTPRequestHead) -> Answer {
        state.withLock { state in
            let isGoal = head.uri.hasPrefix(Self.bytesPrefix)
            let path = isGoal ? String(head.uri.dropFirst(Self.bytesPrefix.count)) : head.uri
            let isForBytes = isGoal || !state.manner.redirects
            var answer = Answer(bytesPerSecond: state.manner.bytesPerSecond)
            if let order = state.orders.first(where: { $0.isStatus || isForBytes }), let index = state.orders.firstIndex(of: order) {
                answer.fault = state.orders.remove(at: index)
            }
            if case .stall = answer.fault {
                let (stream, gate) = AsyncStream<Void>.makeStream()
                state.gates.append(gate)
                answer.gate = stream
            }
            defer {
                state.requests.append(
                    Request(
                        path: head.uri,
                        host: head.headers.first(name: "host"),
                        range: head.headers.first(name: "range"),
                        ifRange: head.headers.first(name: "if-range"),
                        isForBytes: isForBytes,
                        status: answer.status
                    )
                )
            }
            if case .status(let status, let retryAfter) = answer.fault {
                answer.status = status
                if let retryAfter { answer.headers.add(name: "Retry-After", value: "\(retryAfter)") }
                answer.body = Data("<html>no</html>".utf8)
                return answer
            }
            if let location = state.redirects[path] {
                answer.status = 302
                answer.headers.add(name: "Location", value: location)
                return answer
            }
            guard let file = state.files[path] else {
                answer.status = 404
                answer.body = Data("Entry not found".utf8)
                return answer
            }
            let checksum = SHA256.hash(data: file).map { String(format: "%02x", $0) }.joined()
            if !isGoal, state.manner.tellsChecksums {
                answer.headers.add(name: "X-Linked-ETag", value: "\"\(checksum)\"")
                answer.headers.add(name: "X-Linked-Size", value: "\(file.count)")
            }
            if !isForBytes {
                answer.status = 302
                let host = head.headers.first(name: "host") ?? ""
                answer.headers.add(name: "Location", value: "http://\(host)\(Self.bytesPrefix)\(path)")
                return answer
            }
            let tag = "\"\(checksum.prefix(16))\""
            if state.manner.tags { answer.headers.add(name: "ETag", value: tag) }
            answer.headers.add(contentsOf: state.headers[path] ?? [:])
            answer.body = file
            cut(&answer, for: head, tag: tag)
            if answer.fault == .wrongByte { answer.body[answer.body.startIndex + answer.body.count / 2] ^= 0xff }
            return answer
        }
    }

    /// Reduces a whole file to the requested part.
    private func cut(_ answer: inout Answer, for head: HTTPRequestHead, tag: String) {
        guard let range = head.headers.first(name: "range"), let match = range.wholeMatch(of: /bytes=(\d+)-/), answer.fault != .ignoreRange,
            head.headers.first(name: "if-range") ?? tag == tag, let start = Int(match.output.1)
        else { return }
        let total = answer.body.count
        guard start < total else {
            answer.status = 416
            answer.headers.add(name: "Content-Range", value: "bytes */\(total)")
            answer.body = Data()
            return
        }
        answer.status = 206
        answer.headers.add(name: "Content-Range", value: "bytes \(start)-\(total - 1)/\(total)")
        answer.body = Data(answer.body.dropFirst(start))
    }
}

extension LocalHub.Fault {
    fileprivate var isStatus: Bool {
        if case .status = self { true } else { false }
    }
}
