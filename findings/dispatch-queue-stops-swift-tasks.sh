#!/usr/bin/env bash
# A concurrent dispatch queue of one's own stops all Swift tasks on Linux when it has as many busy blocks as processors
#
# Versions  Swift 6.3.1 (its libdispatch and concurrency run time), Linux
# Behavior  A `DispatchQueue(label:attributes: .concurrent)` has no threads of its own: its blocks run on the threads of
#           dispatch's default root queue, which has one for each processor, and so do Swift's tasks. As many blocks that
#           compute as there are processors, and no task runs until one of them ends, although the system would share the
#           processors fairly. Blocks that sleep stop them, too, for most of a second, until dispatch adds a thread. A serial
#           queue's block does not stop them: its root queue may have more threads than processors.
# Expected  To move long work off the cooperative pool to a queue of its own is the usual advice. On Apple's systems the
#           kernel gives the queue threads of its own, so that tasks only become slower there.
# Seen      2026-11-30, twice, with two processors:
#               concurrent queue: the task ran after the blocks
#               serial queues: the task ran during the blocks
# Earshot   runs such work on NIO's thread pool (Sources/Basics/BlockingThreads.swift), with a test.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > try.swift <<'SWIFT'
import Dispatch
import Foundation

let processors = ProcessInfo.processInfo.activeProcessorCount
let queues: [DispatchQueue]
if CommandLine.arguments[1] == "concurrent" {
    let queue = DispatchQueue(label: "long work", attributes: .concurrent)
    queues = Array(repeating: queue, count: processors)
} else {
    queues = (0..<processors).map { DispatchQueue(label: "long work \($0)") }
}
let (started, ended, ran) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
for queue in queues {
    queue.async {
        started.signal()
        let end = Date().addingTimeInterval(4)
        while Date() < end {}
        ended.signal()
    }
}
for _ in queues { started.wait() }
Task.detached { ran.signal() }
let during = ran.wait(timeout: .now() + 3) == .success
if !during { ran.wait() }
for _ in queues { ended.wait() }
print("the task ran \(during ? "during" : "after") the blocks")
SWIFT
swiftc --version 2>/dev/null | head -n 1
swiftc -O try.swift -o try

concurrent=$(./try concurrent)
serial=$(./try serial)
echo "concurrent queue: $concurrent"
echo "serial queues: $serial"
if [ "$concurrent" != "the task ran after the blocks" ] || [ "$serial" != "the task ran during the blocks" ]; then
    echo "Changed: queues hold up tasks otherwise than described" >&2
    exit 1
fi
