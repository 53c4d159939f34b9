// SPDX-License-Identifier: Apache-2.0

// Arguments about ticks and clocks.

extension KernelArgument {
    static let skewTick = KernelArgument(
        name: "skew_tick", value: .word("1"),
        does: "lets CPUs tick at different moments",
        why: "ticks that come all at once wait for the same locks; it costs some power",
        runTime: .never, link: Link.parameters)

    static let nohz = KernelArgument(
        name: "nohz", value: .word("on"),
        does: "stops the tick of CPUs that are idle",
        why: "nohz_full= builds on it; it is the kernel's default, spelt out",
        runTime: .never, needs: "CONFIG_NO_HZ_COMMON", link: Link.noHz)

    static let tscReliable = KernelArgument(
        name: "tsc", value: .word("reliable"),
        does: "ends the watchdog that compares clocks on one CPU after the other, every half second",
        why: "it visits isolated CPUs too; a time stamp counter that is not sound goes unnoticed then",
        runTime: .never, vendors: [.intel, .amd], link: Link.parameters)
}
