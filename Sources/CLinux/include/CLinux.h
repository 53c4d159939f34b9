// SPDX-License-Identifier: Apache-2.0
//
// System calls that Swift cannot name. A call that can fail returns a value of 0 or more, or the error number negated,
// so that nothing can overwrite errno between the call and its reading.
//
// No header is included that defines a structure which the Glibc module of Swift has too: one such as `sigset_t` would
// belong to the one module or the other, by the order in which the compiler comes across them.

#ifndef CLINUX_H
#define CLINUX_H

#include <linux/netlink.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Files

/// Opens `path` below `directory`, with `flags` and `mode` of open(2) and the `RESOLVE_…` restrictions of `resolve`.
///
/// In C because glibc has no wrapper and syscall(2) is variadic, which Swift does not import. Linux 5.6 or later.
int clinux_openat2(int directory, const char *_Nonnull path, uint64_t flags, uint64_t mode, uint64_t resolve);

/// Fills `buffer` with the next entries of an open directory, and returns how many bytes they take; 0 at the end.
///
/// In C because glibc declares it only under _GNU_SOURCE, which the Glibc module does not set.
ptrdiff_t clinux_getdents64(int directory, void *_Nonnull buffer, size_t size);

/// Makes a pipe whose two ends are closed on exec.
///
/// In C because glibc declares pipe2(2) only under _GNU_SOURCE.
int clinux_pipe(int *_Nonnull read_end, int *_Nonnull write_end);

// MARK: Tasks

/// Reads the CPU mask of a task, and returns how many bytes of `mask` the kernel filled.
///
/// In C because the wrapper of glibc zeroes the rest of the mask, hides the size that the kernel uses, and is declared
/// only under _GNU_SOURCE with `cpu_set_t`, which ends at 1024 CPUs.
ptrdiff_t clinux_sched_getaffinity(int32_t task, size_t size, uint64_t *_Nonnull mask);

/// Sets the CPU mask of a task.
///
/// In C for the same reason as `clinux_sched_getaffinity`.
int clinux_sched_setaffinity(int32_t task, size_t size, const uint64_t *_Nonnull mask);

/// How a task is scheduled: the first version of the kernel's `struct sched_attr`, which every later kernel takes.
///
/// In C because <linux/sched/types.h> redefines `struct sched_param`, which is in the Glibc module too.
struct clinux_scheduling {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime;
    uint64_t deadline;
    uint64_t period;
};

/// Reads how a task is scheduled.
///
/// In C because glibc has a wrapper only from 2.41 on, and syscall(2) is variadic.
int clinux_sched_getattr(int32_t task, struct clinux_scheduling *_Nonnull scheduling);

/// Sets how a task is scheduled.
///
/// In C for the same reason as `clinux_sched_getattr`.
int clinux_sched_setattr(int32_t task, const struct clinux_scheduling *_Nonnull scheduling);

/// The two bounds of a limit; all bits set is no limit.
struct clinux_limit {
    uint64_t soft;
    uint64_t hard;
};

/// Reads a limit of a process, and sets it unless `limit` is NULL; `before` holds what it was.
///
/// In C because glibc declares prlimit(2) only under _GNU_SOURCE.
int clinux_prlimit(
    int32_t process, int resource, const struct clinux_limit *_Nullable limit, struct clinux_limit *_Nullable before);

/// Waits for the end of a child: `code` is its exit status, or -1 when `signal` says what killed it (0 when nothing
/// did).
///
/// In C because WIFEXITED and its kin are macros with arguments, which Swift does not import.
int clinux_wait(int32_t child, int *_Nonnull code, int *_Nonnull signal);

// MARK: This process

/// Takes from this process, and from all that it becomes or starts, every way to gain rights by starting a program.
///
/// In C because prctl(2) is variadic.
int clinux_forbid_new_privileges(void);

/// Has this process leave no memory image when it dies, and lets no other process of the same user look into it.
///
/// In C because prctl(2) is variadic.
int clinux_forbid_dumps(void);

/// Filters the system calls of all threads of this process, with `count` instructions of 8 bytes each.
///
/// In C because glibc has no wrapper and syscall(2) is variadic.
int clinux_filter_system_calls(const uint64_t *_Nonnull instructions, size_t count);

/// What the process says at most when its time is over, in bytes.
enum { CLINUX_LAST_LINE_LIMIT = 512 };

/// Has the process write `line` to its standard error and end with `status` when so much time has passed; a later call
/// takes the place of an earlier one.
///
/// In C because whatever a signal handler runs has to be async-signal-safe, and the runtime of Swift is not.
int clinux_end_after(int64_t milliseconds, const void *_Nullable line, size_t size, int status);

/// Has `clinux_end_after` end the process with another status, without a system call.
///
/// In C for the same reason as `clinux_end_after`.
void clinux_end_with(int status);

// MARK: Events

/// Lets through to a socket of the proc connector what matters to us, and nothing else: births whose parent is the task
/// `parent`, and the answer to the request `token`. The kernel drops the rest without waking anybody.
///
/// In C because the offsets are within structures that end in an array of no size, and the instructions are written
/// with macros with arguments; Swift imports neither.
int clinux_filter_births(int socket, int32_t parent, uint32_t token);

/// Asks the proc connector to start (`listen` is 1) or to stop (0) telling this socket of the lives of tasks; the
/// answer carries `token`.
///
/// In C for the same reason as `clinux_filter_births`.
ptrdiff_t clinux_request_process_events(int socket, int listen, uint32_t token);

/// What a message of the proc connector is.
enum clinux_process_event {
    /// Something else.
    CLINUX_OTHER_EVENT = 0,
    /// A task was born; the value is its number.
    CLINUX_BIRTH = 1,
    /// The request with this token was answered; the value is an error number, or 0.
    CLINUX_ANSWER = 2,
};

/// Takes apart a message of the proc connector, and returns one of `enum clinux_process_event`.
///
/// In C for the same reason as `clinux_filter_births`.
int clinux_process_event(
    const void *_Nonnull message, size_t size, int32_t parent, uint32_t token, int32_t *_Nonnull value);

/// Makes a descriptor from which the signals of a set, a `sigset_t`, are read; it is closed on exec and never waits.
///
/// In C because the Glibc module of Swift leaves out <sys/signalfd.h>. The set has no type because its header would
/// bring `sigset_t` into this module.
int clinux_signalfd(const void *_Nonnull signals);

/// Takes the next signal from a descriptor that `clinux_signalfd` made, and returns its number.
///
/// In C for the same reason as `clinux_signalfd`.
int clinux_next_signal(int descriptor);

// MARK: Sockets

/// Sends bytes in one message, together with the numbers of this process and of its effective user and group, and
/// returns how many bytes were taken. Raises no signal when nobody listens any more.
///
/// In C because the macros for control messages have arguments, which Swift does not import, and because glibc declares
/// `struct ucred` only under _GNU_SOURCE.
ptrdiff_t clinux_send_with_credentials(int socket, const void *_Nullable bytes, size_t size);

// MARK: Errors

/// The C name of an error number, such as "EBUSY", or NULL when it has none. The text is never freed.
///
/// In C because glibc (2.32 or later) declares strerrorname_np only under _GNU_SOURCE.
const char *_Nullable clinux_error_name(int error);

#endif
