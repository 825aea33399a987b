import Foundation
import SystemPackage
import TestSupport
import Testing

/// What a build consists of is fixed and listed, and what runs is confined.
@Suite struct SupplyTests {
    @Test("every Swift package has an exact version")
    func exactVersions() throws {
        let manifest = try text(of: "Package.swift")
        let packages = manifest.split(separator: "\n").filter { $0.contains(".package(url:") }
        #expect(packages.count > 10)
        #expect(packages.filter { !$0.contains("exact: \"") } == [])
    }

    @Test("scripts/sbom lists the Swift packages with their revisions, the engine with its hash, and Debian's packages")
    func billOfMaterials() async throws {
        try await TemporaryFolder.with { folder in
            let status = folder.appending("status")
            let packages = """
                Package: libpq5
                Status: install ok installed
                Architecture: amd64
                Version: 15.8-0+deb12u1

                Package: removed
                Status: deinstall ok config-files
                Architecture: amd64
                Version: 1

                """
            try status.write(Data(packages.utf8))
            let program = Project.root.appending("scripts/sbom").string
            let outcome = try await CommandLineProgram(program, ["--debian-status", status.string]).succeed()
            let list = try JSONDecoder().decode(BillOfMaterials.self, from: Data(outcome.output.utf8))
            #expect(list.bomFormat == "CycloneDX")
            let names = Set(list.components.map(\.name))
            #expect(names.isSuperset(of: ["swift-nio", "hummingbird", "swift-nio-ssl", "whisper.cpp", "libpq5"]))
            #expect(!names.contains("removed"))
            let swift = list.components.filter { $0.purl.hasPrefix("pkg:swift/") }
            #expect(swift.allSatisfy { $0.properties?.first?.value.wholeMatch(of: /[0-9a-f]{40}/) != nil })
            let hash = list.components.first { $0.name == "whisper.cpp" }?.externalReferences?.first?.hashes?.first?.content ?? ""
            #expect(hash.count == 64)
            #expect(try text(of: "scripts/engine").contains(hash))
        }
    }

    @Test("every container has limits and no new privileges, and its limits are explained", arguments: ["", ".dev"])
    func containers(kind: String) throws {
        let compose = try text(of: "docker-compose\(kind).yml")
        let explained = try text(of: ".env.docker")
        for name in compose.matches(of: /(?:mem_limit|cpus|pids_limit): \$\{([A-Z_]+):-/).map(\.output.1) {
            #expect(explained.contains("#\(name)="), "\(name)")
        }
        let services = compose.split(separator: "\nservices:")[1].split(separator: "\nvolumes:")[0].split(separator: "\n\n")
        #expect(services.count > 3)
        for service in services {
            let common = service.contains("<<: *earshot") || service.contains("<<: *dev")
            let beginning = compose.split(separator: "\nservices:")[0]
            let whole = common ? String(beginning + service) : String(service)
            #expect(whole.contains("pids_limit:"), "\(service)")
            #expect(whole.contains("no-new-privileges:true"), "\(service)")
            if kind.isEmpty {
                for key in ["mem_limit:", "cpus:", "read_only: true", "cap_drop: [ALL]", "/tmp:size="] {
                    #expect(whole.contains(key), "\(key) \(service)")
                }
            }
        }
    }

    @Test("systemd understands the unit", .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/systemd-analyze")))
    func unit() async throws {
        let unit = Project.root.appending("scripts/systemd/earshot.service").string
        let outcome = try await CommandLineProgram("systemd-analyze", ["verify", unit]).run()
        // The program is not installed here, and older versions do not know two of the keys.
        let known = ["is not executable", "RestartSteps", "RestartMaxDelaySec"]
        let complaints = outcome.errorOutput.split(separator: "\n").filter { line in
            line.contains("earshot") && !known.contains { line.contains($0) }
        }
        #expect(complaints == [])
    }

    private func text(of file: String) throws -> String {
        String(decoding: try Project.root.appending(file).contents(), as: UTF8.self)
    }
}

private struct BillOfMaterials: Decodable {
    struct Component: Decodable {
        struct Reference: Decodable {
            struct Hash: Decodable { let content: String }
            let hashes: [Hash]?
        }
        struct Property: Decodable { let value: String }
        let name: String
        let purl: String
        let externalReferences: [Reference]?
        let properties: [Property]?
    }
    let bomFormat: String
    let components: [Component]
}
