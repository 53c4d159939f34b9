// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

int clinux_forbid_new_privileges(void) {
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0;
}

int clinux_forbid_dumps(void) {
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0;
}

int clinux_filter_system_calls(const uint64_t *instructions, size_t count) {
    if (count > BPF_MAXINSNS)
        return -EINVAL;
    // The kernel copies the instructions, and does not write to them.
    struct sock_fprog program = {.len = (unsigned short)count, .filter = (struct sock_filter *)instructions};
    unsigned long flags = SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH;
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program) < 0 ? -errno : 0;
}

// What the handler needs; the line is written only while the handler cannot run, the status also while it can.
static struct {
    char line[CLINUX_LAST_LINE_LIMIT];
    size_t size;
    volatile sig_atomic_t status;
} last_words;

// Calls only what signal-safety(7) lists. A reader that does not read must not keep us alive: what fits into a pipe that
// poll(2) calls writable, up to PIPE_BUF bytes, does not block.
static void end(int signal) {
    (void)signal;
    struct pollfd errors = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (last_words.size > 0 && poll(&errors, 1, 0) == 1 && errors.revents == POLLOUT) {
        ssize_t written = write(STDERR_FILENO, last_words.line, last_words.size);
        (void)written;
    }
    _exit(last_words.status);
}

void clinux_end_with(int status) { last_words.status = status; }

int clinux_end_after(int64_t milliseconds, const void *line, size_t size, int status) {
    // Until all is set, an earlier deadline must not end the process with half of the new words.
    struct itimerval never = {0};
    if (setitimer(ITIMER_REAL, &never, NULL) < 0)
        return -errno;
    last_words.size = size < sizeof last_words.line ? size : sizeof last_words.line;
    if (size > 0)
        memcpy(last_words.line, line, last_words.size);
    last_words.status = status;

    // Whoever started the process may have left the signal ignored or held back.
    struct sigaction action = {.sa_handler = end};
    sigfillset(&action.sa_mask);
    if (sigaction(SIGALRM, &action, NULL) < 0)
        return -errno;
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    int result = pthread_sigmask(SIG_UNBLOCK, &alarm, NULL);
    if (result != 0)
        return -result;
    struct itimerval once = {.it_value = {.tv_sec = milliseconds / 1000, .tv_usec = milliseconds % 1000 * 1000}};
    return setitimer(ITIMER_REAL, &once, NULL) < 0 ? -errno : 0;
}
