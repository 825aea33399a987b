// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Every target is compiled alike: Swift 6, honest imports, explicit existentials.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let asyncAlgorithms = Target.Dependency.product(name: "AsyncAlgorithms", package: "swift-async-algorithms")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")

/// The arrows point down only; `Tests/ArchitectureTests` holds this table against a copy of it.
let package = Package(
    name: "earshot",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "earshot", targets: ["earshot"])],
    // Exact versions, so that a build is the same everywhere; scripts/sbom lists what they bring with them.
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-async-algorithms", exact: "1.1.4"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .executableTarget(
            name: "earshot",
            dependencies: [
                "Website", "Server", "Worker", "Archive", "ModelLibrary", "ModelConversion", "Speech", "Audio", "Postgres", "Transcripts",
                "HTTPSupport", "Basics",
                argumentParser, asyncHTTPClient, configuration, logging, nioCore, nioHTTP1, serviceLifecycle, systemPackage, unixSignals,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Website",
            dependencies: [
                "Basics", "HTTPSupport", "Transcripts", asyncHTTPClient, hummingbird, httpTypes, logging, mustache, nioCore, nioHTTP1,
                serviceLifecycle,
                systemPackage,
            ],
            resources: [.copy("Resources/web")],
            swiftSettings: settings
        ),
        .target(
            name: "Server",
            dependencies: [
                "Archive", "Audio", "Basics", "HTTPSupport", "ModelLibrary", "Transcripts",
                asyncAlgorithms, asyncHTTPClient, hummingbird, httpTypes, logging, nioCore, nioHTTP1, serviceLifecycle, systemPackage,
                unixSignals,
            ],
            exclude: ["Compatible/OpenAI/README.md", "Compatible/WebService/README.md", "Compatible/WhisperServer/README.md"],
            resources: [.copy("Resources/openapi"), .copy("Resources/docs")],
            swiftSettings: settings
        ),
        .target(
            name: "Worker",
            dependencies: [
                "Archive", "Audio", "Basics", "ModelLibrary", "Speech", "Transcripts", asyncAlgorithms, logging, serviceLifecycle,
                subprocess, systemPackage,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Archive",
            dependencies: [
                "Basics", "Postgres", "Transcripts", asyncAlgorithms, crypto, logging, nioCore, serviceLifecycle, systemPackage,
            ],
            resources: [.copy("Resources/migrations")],
            swiftSettings: settings
        ),
        .target(
            name: "ModelLibrary",
            dependencies: ["Basics", "Transcripts", asyncHTTPClient, crypto, logging, nioCore, nioHTTP1, subprocess, systemPackage],
            resources: [.copy("Resources/demo")],
            swiftSettings: settings
        ),
        .target(name: "ModelConversion", dependencies: ["Basics", "ModelLibrary", systemPackage], swiftSettings: settings),
        .target(
            name: "Speech",
            dependencies: ["Audio", "Basics", "ModelLibrary", "Transcripts", "CWhisper", "CZlib", asyncAlgorithms, logging, systemPackage],
            resources: [.copy("Resources/silero-vad.bin")],
            // Its arithmetic on samples takes many times as long unoptimized, and the tests would wait minutes for it.
            swiftSettings: settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]
        ),
        .target(name: "Audio", dependencies: ["Basics", logging, subprocess, systemPackage], swiftSettings: settings),
        .target(
            name: "Postgres",
            dependencies: ["Basics", "CPostgres", logging, nioPosix, serviceLifecycle, subprocess, systemPackage],
            swiftSettings: settings
        ),
        .target(
            name: "HTTPSupport",
            dependencies: ["Basics", hummingbird, httpTypes, logging, nioCore, nioHTTPTypes, serviceLifecycle, systemPackage],
            resources: [.copy("Resources/web")],
            swiftSettings: settings
        ),
        .target(name: "Transcripts", dependencies: ["CZlib"], swiftSettings: settings),
        .target(name: "Basics", dependencies: [nioPosix, systemPackage], swiftSettings: settings),
        .systemLibrary(name: "CWhisper", pkgConfig: "whisper", providers: [.brew(["whisper-cpp"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
    ]
)

// Images and the development containers are built from a copy without the tests.
if FileManager.default.fileExists(atPath: Context.packageDirectory + "/Tests/Support") {
    package.targets += [
        .target(
            name: "TestSupport",
            dependencies: [
                "Postgres", "Transcripts", asyncHTTPClient, crypto, logging, nioCore, nioHTTP1, nioPosix, subprocess, systemPackage,
            ],
            path: "Tests/Support",
            resources: [.copy("Resources/recordings"), .copy("Resources/checkpoint")],
            swiftSettings: settings
        ),
        .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport", systemPackage], swiftSettings: settings),
        .testTarget(name: "BasicsTests", dependencies: ["Basics", "TestSupport", systemPackage], swiftSettings: settings),
        .testTarget(
            name: "TranscriptsTests",
            dependencies: ["Transcripts", "TestSupport", subprocess, systemPackage],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PostgresTests",
            dependencies: ["Postgres", "TestSupport", logging, subprocess, systemPackage],
            swiftSettings: settings
        ),
        .testTarget(name: "AudioTests", dependencies: ["Audio", "TestSupport", subprocess, systemPackage], swiftSettings: settings),
        .testTarget(
            name: "ModelLibraryTests",
            dependencies: ["Basics", "ModelLibrary", "Transcripts", "TestSupport", crypto, logging, nioCore, nioHTTP1, systemPackage],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ModelConversionTests",
            dependencies: ["ModelConversion", "ModelLibrary", "TestSupport", crypto, systemPackage],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SpeechTests",
            dependencies: ["Speech", "Audio", "ModelConversion", "ModelLibrary", "Transcripts", "CWhisper", "TestSupport", systemPackage],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WorkerTests",
            dependencies: [
                "Worker", "Archive", "Audio", "ModelLibrary", "Postgres", "Speech", "Transcripts", "TestSupport", nioCore, serviceLifecycle,
                systemPackage,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ArchiveTests",
            dependencies: ["Archive", "Postgres", "Transcripts", "TestSupport", nioCore, serviceLifecycle, systemPackage],
            resources: [.copy("EarlierMigrations")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Archive", "HTTPSupport", "ModelLibrary", "Postgres", "Transcripts", "TestSupport", httpTypes, hummingbird,
                nioCore,
                systemPackage,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WebsiteTests",
            dependencies: [
                "Website", "HTTPSupport", "Transcripts", "TestSupport", asyncHTTPClient, httpTypes, hummingbird, logging, nioCore, nioHTTP1,
                systemPackage,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "JourneyTests",
            dependencies: ["TestSupport", "Postgres", "Transcripts", systemPackage],
            swiftSettings: settings
        ),
    ]
}
