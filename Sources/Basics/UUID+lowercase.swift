import Foundation

extension UUID {
    /// The id as Earshot writes it everywhere: in JSON, in paths and in file names.
    package var lowercased: String { uuidString.lowercased() }
}
