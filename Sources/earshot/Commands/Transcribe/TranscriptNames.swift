import SystemPackage

/// The names of the transcripts of several recordings, no two alike.
///
/// A transcript is named for its recording, below the same subfolders. Recordings that differ only in their ending keep it
/// (`talk.mp3.srt`); if names are still alike, a number follows (`talk.mp3-2.srt`). File systems may ignore case, so names that differ
/// only in case are alike.
struct TranscriptNames {
    private var names: [FilePath: FilePath] = [:]
    private let taken: Set<String>

    init(of files: [InputFile]) {
        var seen: Set<FilePath> = []
        let files = files.filter { seen.insert($0.path).inserted }
        let alike = Dictionary(grouping: files) { Self.key(Self.stem(of: $0)) }.mapValues(\.count)
        // Names that are unique keep what they are; the others make room.
        var taken = Set(alike.filter { $1 == 1 }.keys)
        for file in files {
            let stem = Self.stem(of: file)
            guard alike[Self.key(stem), default: 1] > 1 else {
                names[file.path] = stem
                continue
            }
            var name = file.name
            var number = 1
            while !taken.insert(Self.key(name)).inserted {
                number += 1
                name = FilePath("\(file.name)-\(number)")
            }
            names[file.path] = name
        }
        self.taken = taken
    }

    /// The path of a transcript below the folder of transcripts, without the ending of its format.
    func name(of file: InputFile) -> FilePath { names[file.path] ?? Self.stem(of: file) }

    /// The name that keeps the recording's ending, which it had while there were others of its stem; nil if it is another's now.
    func nameWithEnding(of file: InputFile) -> FilePath? { taken.contains(Self.key(file.name)) ? nil : file.name }

    private static func stem(of file: InputFile) -> FilePath {
        file.name.removingLastComponent().appending(file.name.stem ?? "transcript")
    }

    private static func key(_ name: FilePath) -> String { name.string.lowercased() }
}
