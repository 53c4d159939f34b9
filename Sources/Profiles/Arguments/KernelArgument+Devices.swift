// SPDX-License-Identifier: Apache-2.0

// Arguments about frequencies and devices.

extension KernelArgument {
    static let intelPstateOff = KernelArgument(
        name: "intel_pstate", value: .word("disable"),
        does: "leaves frequencies to acpi-cpufreq, or to nobody",
        why: "a CPU that changes its frequency pauses",
        runTime: .rtshield("holds the highest frequency, under either driver (--with governor)"), vendors: [.intel],
        link: Link.intelPstate)

    static let amdPstateOff = KernelArgument(
        name: "amd_pstate", value: .word("disable"),
        does: "leaves frequencies to acpi-cpufreq, or to nobody",
        why: "a CPU that changes its frequency pauses",
        runTime: .rtshield("holds the highest frequency, under either driver (--with governor)"), vendors: [.amd],
        link: Link.amdPstate)

    static let intelIOMMU = KernelArgument(
        name: "intel_iommu", value: .word("on"),
        does: "switches the IOMMU on",
        why: "pods get network devices of their own through it (SR-IOV, VFIO)",
        runTime: .never, needs: "CONFIG_INTEL_IOMMU", vendors: [.intel], link: Link.parameters)

    static let iommuPassThrough = KernelArgument(
        name: "iommu", value: .word("pt"),
        does: "lets devices that the host keeps past the IOMMU",
        why: "they are not slowed down by a translation that only devices of pods need",
        runTime: .never, vendors: [.intel, .amd], link: Link.parameters)
}
