import Foundation
import TestSupport
import Testing

/// What Earshot has promised its clients, across all kills, to compare with what it has in the end.
actor KillLedger {
    /// A transcription that a client was told of.
    private var accepted: Set<String> = []
    /// Those whose deletion was asked for, whether or not it was confirmed.
    private var deletionAsked: Set<String> = []
    private var deleted: Set<String> = []
    /// Bytes that each resumable upload was told to have, and those that have become transcriptions.
    private var offsets: [String: Int] = [:]
    private var finishedUploads: [String: String] = [:]
    private var lost: Set<String> = []

    func accept(_ id: String) { accepted.insert(id) }
    func askDeletion(_ id: String) { deletionAsked.insert(id) }
    func delete(_ id: String) { deleted.insert(id) }
    func note(_ upload: String, offset: Int) { offsets[upload] = offset }

    func finish(_ upload: String, as transcription: String) {
        offsets[upload] = nil
        finishedUploads[upload] = transcription
        accepted.insert(transcription)
    }

    /// A transcription that may be deleted, chosen by dice.
    func victim(_ dice: inout Dice) -> String? {
        let alive = accepted.subtracting(deletionAsked).sorted()
        return alive.isEmpty ? nil : alive[dice.roll(alive.count)]
    }

    /// The uploads that are not whole, with the bytes that they have.
    var unfinished: [(id: String, offset: Int)] { offsets.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }

    var counts: (accepted: Int, deleted: Int, uploads: Int) { (accepted.count, deleted.count, finishedUploads.count) }

    /// Compares the promises with what is there.
    func check(against present: [EarshotAPI.Transcription]) {
        let ids = Set(present.map(\.id))
        #expect(ids.count == present.count)
        let missing = accepted.subtracting(deletionAsked).subtracting(ids)
        #expect(missing.isEmpty, "accepted, but not there: \(missing.sorted())")
        let risen = deleted.intersection(ids)
        #expect(risen.isEmpty, "deleted, but there: \(risen.sorted())")
    }
}
