import Foundation
import SystemPackage
import TestSupport
import Testing

/// The page that shows the API.
struct APIPageTests {
    @Test("the page loads nothing from other hosts, has no inline scripts or styles, and never makes markup of text")
    func offline() throws {
        let folder = RunningEarshot.executable.removingLastComponent().appending("earshot_Server.resources/docs")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.string)
        #expect(names.count > 10)
        for name in names {
            let text = try String(decoding: folder.appending(name).contents(), as: UTF8.self)
            let withoutNamespace = text.replacing("http://www.w3.org/2000/svg", with: "")
            for word in ["http:", "https:", "innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", " style=", " onclick="] {
                #expect(!withoutNamespace.contains(word), "\(name) has \(word)")
            }
        }
    }
}
