// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CHookFilter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U
#endif

_Static_assert(CHOOKFILTER_NO_FILE == -ENOENT, "the header is read without <errno.h>");

int chookfilter_exists(const uint8_t *path) {
    struct stat status;
    if (lstat((const char *)path, &status) == 0)
        return 1;
    return errno == ENOENT ? 0 : -errno;
}

int chookfilter_open(const uint8_t *path, int follow) {
    int file = open((const char *)path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
    if (file < 0)
        return -errno;
    struct stat status;
    int error = fstat(file, &status) < 0 ? errno : S_ISREG(status.st_mode) ? 0 : EINVAL;
    if (error == 0)
        return file;
    close(file);
    return -error;
}

void chookfilter_close(int file) { close(file); }

ptrdiff_t chookfilter_read(int file, void *bytes, size_t size) {
    ssize_t result;
    do {
        result = read(file, bytes, size);
    } while (result < 0 && errno == EINTR);
    return result < 0 ? -errno : result;
}

int chookfilter_write(int file, const void *bytes, size_t size) {
    for (const char *next = bytes, *end = next + size; next < end;) {
        ssize_t result = write(file, next, (size_t)(end - next));
        if (result >= 0)
            next += result;
        else if (errno != EINTR)
            return -errno;
    }
    return 0;
}

// Since Linux 6.3 a file in memory that could be run is logged, or refused, as `vm.memfd_noexec` says; before, the flag
// that makes it one that cannot was refused.
int chookfilter_memory_file(void) {
    int file = memfd_create("state", MFD_NOEXEC_SEAL);
    if (file < 0 && errno == EINVAL)
        file = memfd_create("state", 0);
    return file < 0 ? -errno : file;
}

int chookfilter_take_as_input(int file) {
    if (lseek(file, 0, SEEK_SET) < 0)
        return -errno;
    if (file == STDIN_FILENO)
        return 0;
    if (dup2(file, STDIN_FILENO) < 0)
        return -errno;
    close(file);
    return 0;
}

ptrdiff_t chookfilter_own_path(uint8_t *path, size_t size) {
    ssize_t result = readlink("/proc/self/exe", (char *)path, size);
    if (result < 0)
        return -errno;
    return (size_t)result < size ? result : -ENAMETOOLONG;
}

static struct {
    int count;
    char **arguments;
} own;

// glibc hands these to every constructor.
__attribute__((constructor)) static void keep_arguments(int count, char **arguments) {
    own.count = count;
    own.arguments = arguments;
}

int chookfilter_become(const uint8_t *program) {
    char **arguments = calloc((size_t)own.count + 3, sizeof *arguments);
    if (!arguments)
        return -ENOMEM;
    arguments[0] = "rtshield";
    arguments[1] = "hook";
    for (int index = 1; index < own.count; index++)
        arguments[index + 1] = own.arguments[index];
    execve((const char *)program, arguments, environ);
    int error = errno;
    free(arguments);
    return -error;
}

const uint8_t *chookfilter_reason(int error) {
    const char *reason = strerrordesc_np(error < 0 ? -error : error);
    return (const uint8_t *)(reason ? reason : "Unknown error");
}

void chookfilter_end(int status) { _exit(status); }
