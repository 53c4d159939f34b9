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
        .target(name: "Text", swiftSettings: strict),
        .target(
            name: "Linux", dependencies: ["CLinux", "CLibcap", "Text"], swiftSettings: strict),
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
            name: "YAML", dependencies: ["CLibyaml", "Text"], swiftSettings: strict),
        .target(
            name: "JSON", dependencies: ["CLibyajl", "Text"], swiftSettings: strict),
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
        .target(
            name: "OCIHook",
            dependencies: [
                "CgroupKit", "Configuration", "Containers", "Grants", "HookSeccompProgram", "JSON", "Linux",
                "MachineKit",
                "ShieldKit",
            ],
            swiftSettings: strict),
        .target(name: "HookFilter", swiftSettings: embeddable),
        .target(
            name: "HookSeccompProgram", dependencies: ["Linux"], swiftSettings: strict,
            // An embedded build, of the filter before the hook alone, would build the generator, too.
            plugins: isEmbedded ? [] : ["SeccompGeneratorPlugin"]),
        .target(
            name: "Engines",
            dependencies: ["CgroupKit", "Containers", "JSON", "Linux", "MachineKit", "ShieldKit", "Text"],
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

        // Part of the build only: libseccomp translates the policy of the hook into a source file of HookSeccompProgram.
        .target(
            name: "Libseccomp", dependencies: ["CLibseccomp", "Linux"],
            swiftSettings: strict),
        .target(
            name: "HookSeccompPolicy", dependencies: ["Libseccomp", "Linux"],
            swiftSettings: strict),
        .executableTarget(
            name: "seccomp-generator", dependencies: ["HookSeccompPolicy", "Libseccomp", "Linux"],
            path: "Sources/SeccompGenerator", swiftSettings: strict),
        .plugin(name: "SeccompGeneratorPlugin", capability: .buildTool(), dependencies: ["seccomp-generator"]),

        // Programs.
        .executableTarget(
            name: "rtshield",
            dependencies: [
                "CgroupKit", "Checks", "CommandTable", "Configuration", "Containers", "Engines", "Grants", "JSON",
                "Kubelet", "Linux", "MachineKit", "OCIHook", "Profiles", "Reports", "ShieldKit", "Snapshots", "Text",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "rtshield-runtime", dependencies: ["Linux", "OCIRuntime"], swiftSettings: strict),

        .executableTarget(
            name: "rtshield-hook", dependencies: ["CHookFilter", "HookFilter"], path: "Sources/HookFilterProgram",
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
        .target(
            name: "ScriptedMachines",
            dependencies: ["CgroupKit", "Containers", "Grants", "Linux", "MachineKit", "OCIHook", "ShieldKit"],
            path: "Tests/ScriptedMachines",
            swiftSettings: common),
        .testTarget(
            name: "LinuxTests",
            dependencies: ["CLibcap", "HookSeccompPolicy", "HookSeccompProgram", "Libseccomp", "Linux"],
            swiftSettings: common),
        .testTarget(name: "YAMLTests", dependencies: ["Text", "YAML"], swiftSettings: common),
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
            name: "EnginesTests", dependencies: ["Engines", "Linux", "Text"], exclude: ["Fixtures"],
            swiftSettings: common),
        .testTarget(
            name: "OCIRuntimeTests",
            dependencies: [
                "Configuration", "Containers", "JSON", "Libseccomp", "Linux", "OCIRuntime", "rtshield-runtime",
            ],
            exclude: ["Fixtures"], swiftSettings: common),
        .testTarget(
            name: "ProfilesTests",
            dependencies: ["CgroupKit", "Linux", "MachineKit", "Profiles", "Reports", "ShieldKit", "YAML"],
            exclude: ["Snapshots"],
            swiftSettings: common),
        .testTarget(name: "TextTests", dependencies: ["Text"], swiftSettings: common),
        .testTarget(name: "MachineKitTests", dependencies: ["MachineKit", "Text"], swiftSettings: common),
        .testTarget(
            name: "CgroupKitTests", dependencies: ["CgroupKit", "Linux", "MachineKit", "ScriptedMachines"],
            swiftSettings: common),
        .testTarget(
            name: "ShieldKitTests",
            dependencies: [
                "CgroupKit", "Containers", "Grants", "Linux", "MachineKit", "Reports", "ScriptedMachines",
                "ShieldKit",
            ],
            swiftSettings: common),
        .testTarget(
            name: "ReportsTests", dependencies: ["Linux", "MachineKit", "Reports", "ScriptedMachines", "ShieldKit"],
            swiftSettings: common),
        .testTarget(name: "SnapshotsTests", dependencies: ["Snapshots"], swiftSettings: common),
        .testTarget(
            name: "GrantsTests",
            dependencies: [
                "CgroupKit", "Containers", "Grants", "Linux", "MachineKit", "ScriptedMachines", "ShieldKit",
            ],
            swiftSettings: common),
        .testTarget(
            name: "HookTests",
            dependencies: [
                "CgroupKit", "Configuration", "Containers", "Grants", "Linux", "MachineKit", "OCIHook",
                "RecordedMachines",
                "ScriptedMachines", "ShieldKit",
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
                "RecordedMachines", "Reports", "rtshield", "ScriptedMachines", "ShieldKit", "Snapshots", "Text",
            ],
            exclude: ["Snapshots"],
            swiftSettings: common),
    ]
)
