// SPDX-License-Identifier: Apache-2.0

package import Libseccomp
import Linux

extension SeccompFilter {
    /// What a container hook does: files, logging, and the scheduling and the limits of other tasks.
    ///
    /// What no honest hook ever tries kills it, so that it is seen; what is merely not listed fails, because a later C
    /// library may ask for it and go on without. It comes last: a deadline is set, rights are given up and memory images
    /// are forbidden before. `SeccompProgram.hook(for:)` is this filter, as `seccomp-generator` has it translated in each build.
    package static let hook = SeccompFilter(
        (files + tasks + memory + talking).map { Rule($0) } + restricted + hostile.map { Rule($0, .killProcess) },
        otherwise: .fail(.notPermitted))

    private static let files = [
        "close", "fcntl", "fdatasync", "flock", "fstat", "fsync", "ftruncate", "getdents64", "lseek", "mkdirat",
        "newfstatat", "openat", "openat2", "poll", "ppoll", "pread64", "pwrite64", "read", "readlinkat", "readv",
        "rename",
        "renameat", "renameat2", "statx", "unlinkat", "write", "writev",
    ]

    private static let tasks = [
        "prlimit64", "sched_getaffinity", "sched_getattr", "sched_getparam", "sched_getscheduler",
        "sched_setaffinity", "sched_setattr", "sched_setscheduler",
    ]

    /// What the C library and the runtime of Swift need, on every kernel, to live and to end.
    private static let memory = [
        "brk", "clock_getres", "clock_gettime", "clock_nanosleep", "exit", "exit_group", "futex", "getegid", "geteuid",
        "getgid", "getpid", "getppid", "getrandom", "gettid", "gettimeofday", "getuid", "madvise", "mremap", "munmap",
        "nanosleep", "restart_syscall", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait",
        "sched_yield", "uname",
    ]

    private static let talking = [
        "connect", "getsockopt", "recvfrom", "recvmsg", "sendmsg", "sendto", "setsockopt", "shutdown",
    ]

    /// Sockets of this machine only, and no memory that is executed.
    private static let restricted = [
        Rule("socket", where: .argument(0, is: 1)),
        Rule("mmap", where: .argument(2, lacks: 4)),
        Rule("mprotect", where: .argument(2, lacks: 4)),
    ]

    /// Each costs the kernel time when it takes the filter, so that these are the ways to other programs, other tasks and
    /// other kernels only.
    private static let hostile = [
        "bpf", "chroot", "clone", "clone3", "execve", "execveat", "finit_module", "fork", "init_module",
        "io_uring_setup",
        "kill", "mount", "move_mount", "open_by_handle_at", "pivot_root", "process_vm_writev", "ptrace", "setns",
        "unshare",
        "vfork",
    ]
}
