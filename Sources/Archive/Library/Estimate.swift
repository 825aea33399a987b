import Basics
import Foundation
import Postgres
import Transcripts

/// The prospects of a transcription that has not ended yet.
package struct Estimate: Sendable, Hashable {
    /// Its place among the recordings that no worker has begun with, from 1; nil once it is being worked on.
    package var queuePosition: Int?
    /// The time until it is complete; nil while there is nothing to judge by, or no work is being done.
    package var timeLeft: Duration?
    /// Why nothing of it is being done, though workers run.
    package var hold: Hold?

    package init(queuePosition: Int? = nil, timeLeft: Duration? = nil) {
        self.queuePosition = queuePosition
        self.timeLeft = timeLeft
    }
}

extension Estimate {
    init(of transcription: Transcription, _ session: Session) throws {
        self.init()
        let id = transcription.id
        if transcription.state == .pending {
            queuePosition = try session.row(
                """
                SELECT count(*) + 1 FROM transcriptions o, transcriptions t
                WHERE t.id = \(id) AND o.state = 'pending' AND (o.queued_at, o.id) < (t.queued_at, t.id)
                """,
                as: Int.self
            )
        }
        guard transcription.state != .paused else { return }
        hold = try session.hold(of: transcription)
        guard hold == nil else { return }
        let lanes = try session.row(
            "SELECT least(coalesce(sum(lanes), 0), 9223372036854775807)::bigint FROM workers WHERE seen_at > clock_timestamp() - interval '20 seconds'",
            as: Int.self
        )
        guard let lanes, lanes > 0, let cost = try session.cost(model: transcription.request.model) else { return }
        let own = try session.workLeft(of: transcription, cost: cost)
        let others = try session.workAhead(of: transcription, cost: cost)
        // The last block keeps one lane busy while the others have nothing left to do.
        let rounds = max((own + others) / Double(lanes), min(own, cost.ofBlock(seconds: cost.typicalSeconds)))
        timeLeft = .milliseconds(Int(clamping: rounds * 1000))
    }
}

/// The processing time of a block: a constant, and a share for each second of it.
private struct BlockCost {
    let perBlock, perSecond: Double
    /// The usual length of a block, in seconds.
    let typicalSeconds: Double

    func ofBlock(seconds: Double) -> Double { perBlock + perSecond * seconds }
}

extension Session {
    /// The cost of blocks of a model, by least squares over the latest ones; nil where there are none.
    fileprivate func cost(model: String) throws -> BlockCost? {
        let row = try row(
            """
            SELECT count(*), avg(took), avg(length), regr_intercept(took, length), regr_slope(took, length) FROM (
                SELECT b.processing_ms / 1000.0::double precision AS took, (b.end_ms - b.start_ms) / 1000.0::double precision AS length
                FROM blocks b JOIN transcriptions t ON t.id = b.transcription_id
                WHERE b.done_at IS NOT NULL AND t.model = \(model) ORDER BY b.done_at DESC LIMIT 40
            ) lately
            """,
            as: (Int, Double?, Double?, Double?, Double?).self
        )
        guard let (count, took, length, intercept, slope) = row, count > 0, let took, let length, length > 0 else { return nil }
        if count >= 8, let intercept, let slope, intercept >= 0, slope >= 0 {
            return BlockCost(perBlock: intercept, perSecond: slope, typicalSeconds: length)
        }
        // Too few blocks to separate the constant from the share of the length: half and half.
        return BlockCost(perBlock: took / 2, perSecond: took / 2 / length, typicalSeconds: length)
    }

    /// Seconds of one lane's work that are left for a transcription itself.
    fileprivate func workLeft(of transcription: Transcription, cost: BlockCost) throws -> Double {
        let row = try row(
            """
            SELECT count(*), least(coalesce(sum(b.end_ms - b.start_ms), 0), 9223372036854775807)::bigint,
                coalesce(sum(extract(epoch FROM clock_timestamp() - j.taken_at)), 0)::double precision,
                count(j.taken_at)
            FROM blocks b LEFT JOIN jobs j ON j.transcription_id = b.transcription_id AND j.block = b.ordinal AND j.lease_until IS NOT NULL
            WHERE b.transcription_id = \(transcription.id) AND b.done_at IS NULL
            """,
            as: (Int, Int, Double, Int).self
        )
        guard let (blocks, length, elapsed, running) = row else { return 0 }
        let waiting = cost.perBlock * Double(blocks) + cost.perSecond * Double(length) / 1000
        let typical = cost.ofBlock(seconds: cost.typicalSeconds)
        let known = max(waiting - min(elapsed, Double(running) * typical), 0)
        guard !transcription.isPrepared else { return known }
        let start = transcription.request.options.start ?? .zero
        let unknown = (transcription.wantedDuration ?? .zero).seconds - max(.zero, transcription.preparedUntil - start).seconds
        return known + cost.ofStretch(seconds: max(0, unknown) * Double(transcription.channels))
    }

    /// Seconds of one lane's work on other recordings whose turn comes first.
    fileprivate func workAhead(of transcription: Transcription, cost: BlockCost) throws -> Double {
        let wanted = transcription.wantedDuration?.milliseconds ?? 0
        let ahead = try row(
            """
            SELECT least(coalesce(sum(greatest(0, least(
                coalesce(o.duration_ms, f.duration_ms, 0),
                wanted + (extract(epoch FROM t.queued_at - o.queued_at) * 1000 / \(Turn.slowness)::bigint)::bigint
            ) - o.processed_ms)), 0), 9223372036854775807)::bigint
            FROM transcriptions o JOIN audio_files f ON f.id = o.audio_file_id,
                 (SELECT queued_at, \(wanted)::bigint AS wanted FROM transcriptions WHERE id = \(transcription.id)) t
            WHERE o.id <> \(transcription.id) AND o.state IN ('pending', 'processing')
            """,
            as: Int.self
        )
        return cost.ofStretch(seconds: Double(ahead ?? 0) / 1000)
    }
}

extension BlockCost {
    /// The cost of a stretch that is not cut into blocks yet.
    fileprivate func ofStretch(seconds: Double) -> Double {
        guard typicalSeconds > 0 else { return 0 }
        return seconds > 0 ? perBlock * (seconds / typicalSeconds).rounded(.up) + perSecond * seconds : 0
    }
}
