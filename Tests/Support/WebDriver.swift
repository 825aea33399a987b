import Foundation
import SystemPackage

/// A headless Chromium with one page, driven over the W3C's WebDriver protocol.
package struct WebDriver: Sendable {
    /// The browser or its driver refused a command.
    package struct Refused: Error, CustomStringConvertible {
        /// The protocol's word for what is wrong, "no such element".
        package let error: String
        package let description: String
    }

    private let driver: HTTPServer
    private let session: String

    /// Starts a browser, runs the work, and stops browser and driver however the work ends.
    package static func with<Value>(
        isolation: isolated (any Actor)? = #isolation,
        _ work: (WebDriver) async throws -> Value
    ) async throws -> Value {
        try await TemporaryFolder.with { folder in
            let port = try FreePort.find()
            let process = try await ChildProcess.start(
                findProgram(["chromedriver"]),
                ["--port=\(port)", "--log-level=WARNING"],
                environment: ["HOME": folder.string, "TMPDIR": folder.string],
                log: folder.appending("chromedriver.log")
            )
            let watch = try ProcessGuard(of: process.id, folder: nil)
            defer { watch.dismiss() }
            do {
                let browser = try await open(HTTPServer(address: "http://127.0.0.1:\(port)"), folder: folder)
                let value: Value
                do {
                    value = try await work(browser)
                } catch {
                    await browser.close()
                    throw error
                }
                await browser.close()
                await process.stop(within: .seconds(5))
                return value
            } catch {
                await process.stop(within: .seconds(5))
                throw error
            }
        }
    }

    private static func findProgram(_ names: [String]) throws -> FilePath {
        let searched = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let folders = searched + ["/usr/lib/chromium", "/usr/lib/chromium-browser"]
        for name in names {
            for folder in folders {
                let path = FilePath(String(folder)).appending(name)
                if FileManager.default.isExecutableFile(atPath: path.string) { return path }
            }
        }
        let wanted = names.joined(separator: " or ")
        throw Refused(error: "missing program", description: "There is no \(wanted) here; scripts/bootstrap --tests installs it.")
    }

    private static func open(_ driver: HTTPServer, folder: FilePath) async throws -> WebDriver {
        try await eventually(within: .seconds(20)) { try await driver.ask("GET", "/status", within: .seconds(5)).status == 200 }
        let arguments = [
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--window-size=1200,900",
            "--disable-background-networking", "--disable-component-update", "--autoplay-policy=no-user-gesture-required",
            "--user-data-dir=\(folder.appending("profile").string)",
        ]
        var options: [String: JSONValue] = ["args": .list(arguments.map { .text($0) })]
        if let browser = try? findProgram(["chromium", "chromium-browser", "google-chrome"]) { options["binary"] = .text(browser.string) }
        let capabilities: JSONValue = .object([
            "alwaysMatch": .object([
                "goog:chromeOptions": .object(options), "goog:loggingPrefs": .object(["browser": .text("ALL")]),
            ])
        ])
        let answer = try await send(driver, "POST", "/session", ["capabilities": capabilities])
        guard let session = answer["sessionId"]?.text else { throw Refused(error: "no session", description: "\(answer)") }
        return WebDriver(driver: driver, session: session)
    }

    /// Opens a page and waits until it has loaded.
    package func open(_ address: String) async throws {
        try await command("POST", "/url", ["url": .text(address)])
    }

    /// The address of the page.
    package func address() async throws -> String {
        try await command("GET", "/url").text ?? ""
    }

    package func title() async throws -> String {
        try await command("GET", "/title").text ?? ""
    }

    /// The first element that a CSS selector finds; throws where there is none.
    package func find(_ selector: String) async throws -> Element {
        let found = try await command("POST", "/element", ["using": .text("css selector"), "value": .text(selector)])
        guard let element = Element(browser: self, found) else { throw Refused(error: "no such element", description: selector) }
        return element
    }

    /// All elements that a CSS selector finds.
    package func findAll(_ selector: String) async throws -> [Element] {
        let found = try await command("POST", "/elements", ["using": .text("css selector"), "value": .text(selector)])
        return (found.list ?? []).compactMap { Element(browser: self, $0) }
    }

    /// Runs a script's function body in the page and returns what it returns.
    @discardableResult
    package func run(_ script: String) async throws -> JSONValue {
        try await command("POST", "/execute/sync", ["script": .text(script), "args": .list([])])
    }

    /// Makes the window so many pixels wide and high.
    package func resize(width: Int, height: Int) async throws {
        try await command("POST", "/window/rect", ["width": .number(Double(width)), "height": .number(Double(height))])
    }

    /// A screenshot of the page, as a PNG file.
    package func screenshot() async throws -> Data {
        let text = try await command("GET", "/screenshot").text ?? ""
        return Data(base64Encoded: text) ?? Data()
    }

    /// The page's complaints so far: failed requests, errors of scripts, refused content.
    package func complaints() async throws -> [String] {
        let entries = try await command("POST", "/se/log", ["type": .text("browser")]).list ?? []
        return entries.filter { $0["level"]?.text == "SEVERE" }.compactMap { $0["message"]?.text }
    }

    private func close() async {
        _ = try? await Self.send(driver, "DELETE", "/session/\(session)", nil)
    }

    @discardableResult
    fileprivate func command(_ method: String, _ path: String, _ body: [String: JSONValue]? = nil) async throws -> JSONValue {
        try await Self.send(driver, method, "/session/\(session)\(path)", method == "POST" ? body ?? [:] : nil)
    }

    private static func send(_ driver: HTTPServer, _ method: String, _ path: String, _ body: [String: JSONValue]?) async throws -> JSONValue
    {
        let bytes = try body.map { try JSONEncoder().encode(JSONValue.object($0)) }
        let answer = try await driver.ask(
            method,
            path,
            headers: bytes == nil ? [:] : ["Content-Type": "application/json; charset=utf-8"],
            body: bytes
        )
        let value = try JSONDecoder().decode(JSONValue.self, from: answer.body)["value"] ?? .null
        guard answer.status == 200 else {
            throw Refused(error: value["error"]?.text ?? "\(answer.status)", description: value["message"]?.text ?? answer.text)
        }
        return value
    }
}

extension WebDriver {
    /// An element of the page as it was when it was found.
    package struct Element: Sendable {
        private let browser: WebDriver
        private let id: String

        fileprivate init?(browser: WebDriver, _ value: JSONValue) {
            // The protocol's name for references to elements.
            guard let id = value["element-6066-11e4-a52e-4f735466cecf"]?.text else { return nil }
            self.browser = browser
            self.id = id
        }

        /// The visible text.
        package func text() async throws -> String {
            try await browser.command("GET", "/element/\(id)/text").text ?? ""
        }

        /// An attribute; nil if the element has none of that name.
        package func attribute(_ name: String) async throws -> String? {
            try await browser.command("GET", "/element/\(id)/attribute/\(name)").text
        }

        /// A property's value, such as an input's `value` or a player's `currentTime`.
        package func property(_ name: String) async throws -> JSONValue {
            try await browser.command("GET", "/element/\(id)/property/\(name)")
        }

        /// Whether the element is visible.
        package func isShown() async throws -> Bool {
            try await browser.command("GET", "/element/\(id)/displayed") == .flag(true)
        }

        /// Clicks on the middle of the element.
        package func click() async throws {
            try await browser.command("POST", "/element/\(id)/click")
        }

        /// Types text into it; for an input of files, the path of a file to choose.
        package func type(_ text: String) async throws {
            try await browser.command("POST", "/element/\(id)/value", ["text": .text(text)])
        }
    }
}
