// swift-tools-version: 6.2

import PackageDescription

/// Settings that every Swift target shares.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

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
        .target(name: "Text", swiftSettings: strict),
        .target(
            name: "Linux", dependencies: ["CLinux", "CLibcap", "CLibseccomp", "Text"],
            swiftSettings: strict + [.strictMemorySafety()]),
        .target(name: "MachineKit", dependencies: ["Linux", "Text"], swiftSettings: strict),
        .target(name: "CgroupKit", dependencies: ["Linux", "MachineKit"], swiftSettings: strict),
        .target(
            name: "ShieldKit", dependencies: ["CgroupKit", "JSON", "Linux", "MachineKit", "Text"], swiftSettings: strict
        ),
        .target(
            name: "Reports", dependencies: ["CgroupKit", "Linux", "MachineKit", "ShieldKit", "Text"],
            swiftSettings: strict),
        .target(
            name: "Snapshots", dependencies: ["CgroupKit", "Linux", "MachineKit", "ShieldKit", "Text"],
            swiftSettings: strict),
        .target(
            name: "Profiles", dependencies: ["CgroupKit", "MachineKit", "Reports", "ShieldKit"], swiftSettings: strict),
        .target(name: "CommandTable", dependencies: ["Text"], swiftSettings: strict),
        .target(
            name: "YAML", dependencies: ["CLibyaml", "Text"], swiftSettings: strict + [.strictMemorySafety()]),
        .target(
            name: "JSON", dependencies: ["CLibyajl", "Text"], swiftSettings: strict + [.strictMemorySafety()]),
        .target(name: "Kubelet", dependencies: ["JSON", "MachineKit", "Text", "YAML"], swiftSettings: strict),
        .target(
            name: "Containers",
            dependencies: ["CgroupKit", "JSON", "Kubelet", "Linux", "MachineKit", "ShieldKit", "Text"],
            swiftSettings: strict),
        .target(
            name: "Grants", dependencies: ["CgroupKit", "Containers", "JSON", "Linux", "MachineKit", "ShieldKit"],
            swiftSettings: strict),
        .target(
            name: "Configuration",
            dependencies: ["CgroupKit", "Containers", "Linux", "MachineKit", "ShieldKit", "Text", "YAML"],
            swiftSettings: strict),
        .target(name: "HookFilter", swiftSettings: embeddable),
        .target(
            name: "Engines", dependencies: ["CgroupKit", "JSON", "Linux", "MachineKit", "ShieldKit", "Text"],
            swiftSettings: strict),
        .target(
            name: "OCIRuntime", dependencies: ["Configuration", "Containers", "JSON", "Linux", "Text"],
            swiftSettings: strict),

        .target(
            name: "Checks",
            dependencies: [
                "CgroupKit", "Configuration", "Containers", "Engines", "Grants", "JSON", "Kubelet", "Linux",
                "MachineKit", "Profiles", "Reports", "ShieldKit", "Text",
            ],
            swiftSettings: strict),

        // Programs.
        .executableTarget(
            name: "rtshield",
            dependencies: [
                "CgroupKit", "Checks", "CommandTable", "Configuration", "Containers", "Engines", "Grants", "JSON",
                "Kubelet", "Linux", "MachineKit", "Profiles", "Reports", "ShieldKit", "Snapshots", "Text",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "rtshield-runtime", dependencies: ["Linux", "OCIRuntime"], swiftSettings: strict),

        .executableTarget(
            name: "rtshield-hook", dependencies: ["CHookFilter", "HookFilter"], path: "Sources/OCIHook",
            swiftSettings: embeddable + [.strictMemorySafety()],
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
            swiftSettings: strict),
        .testTarget(name: "LinuxTests", dependencies: ["Linux"], swiftSettings: strict),
        .testTarget(name: "YAMLTests", dependencies: ["Text", "YAML"], swiftSettings: strict),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: strict),
        .testTarget(
            name: "KubeletTests", dependencies: ["CgroupKit", "JSON", "Kubelet", "Linux", "MachineKit", "ShieldKit"],
            swiftSettings: strict),
        .testTarget(
            name: "ContainersTests",
            dependencies: ["CgroupKit", "Containers", "JSON", "Linux", "MachineKit", "ShieldKit"],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "ConfigurationTests",
            dependencies: [
                "CgroupKit", "Configuration", "Containers", "HookFilter", "Linux", "MachineKit", "ShieldKit",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "HookFilterTests",
            dependencies: [
                "CgroupKit", "Containers", "HookFilter", "Linux", "MachineKit", "rtshield-hook", "ShieldKit",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "EnginesTests", dependencies: ["Engines", "Linux", "Text"], exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(
            name: "OCIRuntimeTests",
            dependencies: ["Configuration", "Containers", "JSON", "Linux", "OCIRuntime", "rtshield-runtime"],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "ProfilesTests",
            dependencies: ["CgroupKit", "Linux", "MachineKit", "Profiles", "Reports", "ShieldKit", "YAML"],
            exclude: ["Snapshots"],
            swiftSettings: strict),
        .testTarget(name: "TextTests", dependencies: ["Text"], swiftSettings: strict),
        .testTarget(
            name: "CgroupKitTests",
            dependencies: [
                "CgroupKit", "Containers", "Grants", "Linux", "MachineKit", "Reports", "ShieldKit", "Snapshots", "Text",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ChecksTests",
            dependencies: [
                "CgroupKit", "Checks", "Configuration", "Kubelet", "Linux", "MachineKit", "Profiles",
                "RecordedMachines", "Reports", "ShieldKit",
            ], swiftSettings: strict),
        .testTarget(
            name: "CommandTableTests", dependencies: ["CommandTable"], exclude: ["Snapshots"], swiftSettings: strict),
        .testTarget(
            name: "rtshieldTests",
            dependencies: [
                "CgroupKit", "Checks", "CommandTable", "Containers", "Engines", "Linux", "MachineKit", "Profiles",
                "RecordedMachines", "Reports", "rtshield", "ShieldKit", "Snapshots", "Text",
            ],
            exclude: ["Snapshots"],
            swiftSettings: strict),
    ]
)
