// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int clinux_openat2(int directory, const char *path, uint64_t flags, uint64_t resolve) {
    struct open_how how = {.flags = flags, .mode = 0, .resolve = resolve};
    long result = syscall(SYS_openat2, directory, path, &how, sizeof how);
    return result < 0 ? -errno : (int)result;
}

ssize_t clinux_getdents64(int directory, void *buffer, size_t size) {
    ssize_t result = getdents64(directory, buffer, size);
    return result < 0 ? -errno : result;
}

int clinux_pipe(int *read_end, int *write_end) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    *read_end = ends[0];
    *write_end = ends[1];
    return 0;
}

ssize_t clinux_sched_getaffinity(pid_t task, size_t size, uint64_t *mask) {
    long result = syscall(SYS_sched_getaffinity, task, size, mask);
    return result < 0 ? -errno : result;
}

int clinux_sched_setaffinity(pid_t task, size_t size, const uint64_t *mask) {
    return syscall(SYS_sched_setaffinity, task, size, mask) < 0 ? -errno : 0;
}

int clinux_wait(pid_t child, int *code, int *signal) {
    int status;
    if (waitpid(child, &status, 0) < 0)
        return -errno;
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    *signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return 0;
}

const char *clinux_error_name(int error) {
    return strerrorname_np(error);
}
