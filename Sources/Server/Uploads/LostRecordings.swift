import Archive
import Foundation
import ModelLibrary
import Transcripts

/// Takes lost files back into the library, as if they were uploaded.
package struct LostRecordings: Sendable {
    private let archive: Archive
    private let models: ModelLibrary
    private let settings: ServerSettings

    package init(archive: Archive, models: ModelLibrary, settings: ServerSettings) {
        self.archive = archive
        self.models = models
        self.settings = settings
    }

    /// Makes a recording of a lost file, and queues its transcription with the default model.
    ///
    /// - Throws: `AudioError` if it is no recording, `ModelLibraryError`, `ArchiveError`, or an error of the database; then it stays where it is.
    package func takeBack(_ file: LostFile) async throws -> Transcription {
        let request = TranscriptionRequest(model: try models.choice(named: nil).name)
        var upload = Upload(file: try await archive.lostFiles.receivedFile(of: file), filename: file.name, declaredType: nil)
        try await upload.probe(settings: settings)
        return try await archive.recordings.acceptUpload(upload, as: request).transcription
    }
}
