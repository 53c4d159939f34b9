// SPDX-License-Identifier: Apache-2.0
//
// System calls that Swift cannot name. A call that can fail returns a value of 0 or more, or the error number negated,
// so that nothing can overwrite errno between the call and its reading.

#ifndef CLINUX_H
#define CLINUX_H

#include <linux/openat2.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// MARK: Files

/// Opens `path` below `directory`, with `flags` of open(2) and the `RESOLVE_…` restrictions of `resolve`.
///
/// In C because glibc has no wrapper and syscall(2) is variadic, which Swift does not import. Linux 5.6 or later.
int clinux_openat2(int directory, const char *_Nonnull path, uint64_t flags, uint64_t resolve);

/// Fills `buffer` with the next entries of an open directory, and returns how many bytes they take; 0 at the end.
///
/// In C because glibc declares it only under _GNU_SOURCE, which the Glibc module does not set.
ssize_t clinux_getdents64(int directory, void *_Nonnull buffer, size_t size);

/// Makes a pipe whose two ends are closed on exec.
///
/// In C because glibc declares pipe2(2) only under _GNU_SOURCE.
int clinux_pipe(int *_Nonnull read_end, int *_Nonnull write_end);

// MARK: Tasks

/// Reads the CPU mask of a task, and returns how many bytes of `mask` the kernel filled.
///
/// In C because the wrapper of glibc zeroes the rest of the mask, hides the size that the kernel uses, and is declared
/// only under _GNU_SOURCE with `cpu_set_t`, which ends at 1024 CPUs.
ssize_t clinux_sched_getaffinity(pid_t task, size_t size, uint64_t *_Nonnull mask);

/// Sets the CPU mask of a task.
///
/// In C for the same reason as `clinux_sched_getaffinity`.
int clinux_sched_setaffinity(pid_t task, size_t size, const uint64_t *_Nonnull mask);

/// Waits for the end of a child: `code` is its exit status, or -1 when `signal` says what killed it (0 when nothing
/// did).
///
/// In C because WIFEXITED and its kin are macros with arguments, which Swift does not import.
int clinux_wait(pid_t child, int *_Nonnull code, int *_Nonnull signal);

// MARK: Errors

/// The C name of an error number, such as "EBUSY", or NULL when it has none. The text is never freed.
///
/// In C because glibc (2.32 or later) declares strerrorname_np only under _GNU_SOURCE.
const char *_Nullable clinux_error_name(int error);

#endif
