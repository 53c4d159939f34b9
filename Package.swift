// swift-tools-version: 6.2

import PackageDescription

/// Settings that every Swift target shares.
let common: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// Settings of everything that is installed or measured.
///
/// Tests make unsafe calls by the dozen, to do what programs must not.
let strict: [SwiftSetting] = common + [.strictMemorySafety()]

/// Whether the filter is built as `make build` wants it, without the runtime of Swift: see
/// docs/decisions/0011-a-filter-before-the-hook.md.
let isEmbedded = Context.environment["RTSHIELD_EMBEDDED"] != nil
let embeddable: [SwiftSetting] = strict + (isEmbedded ? [.enableExperimentalFeature("Embedded")] : [])

let package = Package(
    name: "rtshield",
    products: [
        .executable(name: "rtshield", targets: ["rtshield"]),
        .executable(name: "rtshield-hook", targets: ["rtshield-hook"]),
        .executable(name: "rtshield-runtime", targets: ["rtshield-runtime"]),
    ],
    targets: [
        // The C boundary: what Swift cannot say.
        .target(
            name: "CLinux",
            cSettings: [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]),
        .target(
            name: "CHookFilter",
            cSettings: [.enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error)]),
        .systemLibrary(name: "CLibcap", pkgConfig: "libcap", providers: [.apt(["libcap-dev"])]),
        .systemLibrary(name: "CLibseccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .systemLibrary(name: "CLibyaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        // Without pkg-config, which names only the library that static programs cannot be linked with.
        .systemLibrary(name: "CLibyajl", providers: [.apt(["libyajl-dev"])]),

        // Libraries, each importing only those above it.
        .target(
            name: "Linux", dependencies: ["CLinux", "CLibcap", "CLibseccomp"],
            swiftSettings: strict),
        .target(name: "MachineKit", dependencies: ["Linux"], swiftSettings: strict),
        .target(name: "CgroupKit", dependencies: ["Linux", "MachineKit"], swiftSettings: strict),
        .target(name: "ShieldKit", dependencies: ["CgroupKit", "JSON", "Linux", "MachineKit"], swiftSettings: strict),
        .target(
            name: "Reports", dependencies: ["CgroupKit", "Linux", "MachineKit", "ShieldKit"], swiftSettings: strict),
        .target(
            name: "Snapshots", dependencies: ["CgroupKit", "Linux", "MachineKit", "ShieldKit"], swiftSettings: strict),
        .target(
            name: "Profiles", dependencies: ["CgroupKit", "MachineKit", "Reports", "ShieldKit"], swiftSettings: strict),
        .target(name: "Spelling", swiftSettings: strict),
        .target(name: "CommandTable", dependencies: ["Spelling"], swiftSettings: strict),
        .target(
            name: "YAML", dependencies: ["CLibyaml", "Spelling"], swiftSettings: strict),
        .target(
            name: "JSON", dependencies: ["CLibyajl", "Spelling"], swiftSettings: strict),
        .target(name: "Kubelet", dependencies: ["JSON", "MachineKit", "Spelling", "YAML"], swiftSettings: strict),
        .target(
            name: "Containers",
            dependencies: ["CgroupKit", "JSON", "Kubelet", "Linux", "MachineKit", "ShieldKit", "Spelling"],
            swiftSettings: strict),
        .target(
            name: "Grants", dependencies: ["CgroupKit", "Containers", "JSON", "Linux", "MachineKit", "ShieldKit"],
            swiftSettings: strict),
        .target(
            name: "Configuration",
            dependencies: ["CgroupKit", "Containers", "Linux", "MachineKit", "ShieldKit", "Spelling", "YAML"],
            swiftSettings: strict),
        .target(name: "HookFilter", swiftSettings: embeddable),
        .target(
            name: "Engines", dependencies: ["CgroupKit", "Containers", "JSON", "Linux", "MachineKit", "ShieldKit"],
            swiftSettings: strict),
        .target(
            name: "OCIRuntime", dependencies: ["Configuration", "Containers", "JSON", "Linux"], swiftSettings: strict),

        .target(
            name: "Checks",
            dependencies: [
                "CgroupKit", "Configuration", "Containers", "Engines", "Grants", "JSON", "Kubelet", "Linux",
                "MachineKit", "Profiles", "Reports", "ShieldKit",
            ],
            swiftSettings: strict),

        // Programs.
        .executableTarget(
            name: "rtshield",
            dependencies: [
                "CgroupKit", "Checks", "CommandTable", "Configuration", "Containers", "Engines", "Grants", "JSON",
                "Kubelet", "Linux", "MachineKit", "Profiles", "Reports", "ShieldKit", "Snapshots",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "rtshield-runtime", dependencies: ["Linux", "OCIRuntime"], swiftSettings: strict),

        .executableTarget(
            name: "rtshield-hook", dependencies: ["CHookFilter", "HookFilter"], path: "Sources/OCIHook",
            swiftSettings: embeddable,
            linkerSettings: isEmbedded ? [.unsafeFlags(["-Xclang-linker", "-static"])] : []),

        // A program that only `make bench` builds.
        .executableTarget(
            name: "PlanningBench", dependencies: ["CgroupKit", "Linux", "MachineKit", "ShieldKit"],
            path: "bench/PlanningBench",
            swiftSettings: strict),

        // Tests of values and of recorded machines; tests on real kernels are in Tests/Guest.
        .target(
            name: "RecordedMachines", dependencies: ["CgroupKit", "MachineKit", "ShieldKit", "Snapshots"],
            path: "Tests/RecordedMachines",
            swiftSettings: common),
        .testTarget(name: "LinuxTests", dependencies: ["CLibcap", "Linux"], swiftSettings: common),
        .testTarget(name: "YAMLTests", dependencies: ["Spelling", "YAML"], swiftSettings: common),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: common),
        .testTarget(
            name: "KubeletTests", dependencies: ["CgroupKit", "JSON", "Kubelet", "Linux", "MachineKit", "ShieldKit"],
            swiftSettings: common),
        .testTarget(
            name: "ContainersTests",
            dependencies: ["CgroupKit", "Containers", "JSON", "Linux", "MachineKit", "ShieldKit"],
            exclude: ["Fixtures"], swiftSettings: common),
        .testTarget(
            name: "ConfigurationTests",
            dependencies: [
                "CgroupKit", "Configuration", "Containers", "HookFilter", "Linux", "MachineKit", "ShieldKit",
            ],
            swiftSettings: common),
        .testTarget(
            name: "HookFilterTests",
            dependencies: [
                "CgroupKit", "Containers", "HookFilter", "Linux", "MachineKit", "rtshield-hook", "ShieldKit",
            ],
            swiftSettings: common),
        .testTarget(
            name: "EnginesTests", dependencies: ["Engines", "Linux"], exclude: ["Fixtures"], swiftSettings: common),
        .testTarget(
            name: "OCIRuntimeTests",
            dependencies: ["Configuration", "Containers", "JSON", "Linux", "OCIRuntime", "rtshield-runtime"],
            exclude: ["Fixtures"], swiftSettings: common),
        .testTarget(
            name: "ProfilesTests",
            dependencies: ["CgroupKit", "Linux", "MachineKit", "Profiles", "Reports", "ShieldKit", "YAML"],
            exclude: ["Snapshots"],
            swiftSettings: common),
        .testTarget(name: "SpellingTests", dependencies: ["Spelling"], swiftSettings: common),
        .testTarget(
            name: "CgroupKitTests",
            dependencies: [
                "CgroupKit", "Containers", "Grants", "Linux", "MachineKit", "Reports", "ShieldKit", "Snapshots",
            ],
            swiftSettings: common),
        .testTarget(
            name: "ChecksTests",
            dependencies: [
                "CgroupKit", "Checks", "Configuration", "Kubelet", "Linux", "MachineKit", "Profiles",
                "RecordedMachines", "Reports", "ShieldKit",
            ], swiftSettings: common),
        .testTarget(
            name: "CommandTableTests", dependencies: ["CommandTable"], exclude: ["Snapshots"], swiftSettings: common),
        .testTarget(
            name: "rtshieldTests",
            dependencies: [
                "CgroupKit", "Checks", "CommandTable", "Containers", "Engines", "Linux", "MachineKit", "Profiles",
                "RecordedMachines", "Reports", "rtshield", "ShieldKit", "Snapshots",
            ],
            exclude: ["Snapshots"],
            swiftSettings: common),
    ]
)
