// swift-tools-version: 6.2
import PackageDescription

/// What benchmarks/requests holds Earshot against; no part of Earshot. The requirement is the one in Earshot's own Package.swift.
let package = Package(
    name: "bare",
    platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0")],
    targets: [
        .executableTarget(
            name: "bare",
            dependencies: [.product(name: "Hummingbird", package: "hummingbird")],
            swiftSettings: [.swiftLanguageMode(.v6)]
        )
    ]
)
