// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CLinux.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int clinux_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    long result = syscall(SYS_openat2, directory, path, &how, sizeof how);
    return result < 0 ? -errno : (int)result;
}

ptrdiff_t clinux_getdents64(int directory, void *buffer, size_t size) {
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

ptrdiff_t clinux_sched_getaffinity(int32_t task, size_t size, uint64_t *mask) {
    long result = syscall(SYS_sched_getaffinity, task, size, mask);
    return result < 0 ? -errno : result;
}

int clinux_sched_setaffinity(int32_t task, size_t size, const uint64_t *mask) {
    return syscall(SYS_sched_setaffinity, task, size, mask) < 0 ? -errno : 0;
}

int clinux_sched_getattr(int32_t task, struct clinux_scheduling *scheduling) {
    return syscall(SYS_sched_getattr, task, scheduling, sizeof *scheduling, 0) < 0 ? -errno : 0;
}

int clinux_sched_setattr(int32_t task, const struct clinux_scheduling *scheduling) {
    struct clinux_scheduling sized = *scheduling;
    sized.size = sizeof sized;
    return syscall(SYS_sched_setattr, task, &sized, 0) < 0 ? -errno : 0;
}

int clinux_prlimit(int32_t process, int resource, const struct clinux_limit *limit, struct clinux_limit *before) {
    return syscall(SYS_prlimit64, process, resource, limit, before) < 0 ? -errno : 0;
}

int clinux_wait(int32_t child, int *code, int *signal) {
    int status;
    if (waitpid(child, &status, 0) < 0)
        return -errno;
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    *signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    return 0;
}

// Where the parts of a message of the proc connector are.
enum {
    connector_offset = NLMSG_HDRLEN,
    event_offset = connector_offset + sizeof(struct cn_msg),
    ack_offset = connector_offset + offsetof(struct cn_msg, ack),
    what_offset = event_offset + offsetof(struct proc_event, what),
    parent_offset = event_offset + offsetof(struct proc_event, event_data.fork.parent_pid),
};

int clinux_filter_births(int socket, int32_t parent, uint32_t token) {
    // A load takes the bytes for big-endian ones, but the kernel writes them in the order of the host: what a load is
    // compared with is swapped likewise.
    struct sock_filter program[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, what_offset),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_FORK), 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, parent_offset),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl((uint32_t)parent), 3, 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(PROC_EVENT_NONE), 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ack_offset),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(token), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog filter = {.len = sizeof program / sizeof *program, .filter = program};
    return setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) < 0 ? -errno : 0;
}

ptrdiff_t clinux_request_process_events(int socket, int listen, uint32_t token) {
    uint32_t operation = listen ? PROC_CN_MCAST_LISTEN : PROC_CN_MCAST_IGNORE;
    struct nlmsghdr header = {.nlmsg_len = event_offset + sizeof operation, .nlmsg_type = NLMSG_DONE};
    // The answer has `ack` plus 1; what it has for `seq` is a count of messages.
    struct cn_msg body = {.id = {CN_IDX_PROC, CN_VAL_PROC}, .ack = token - 1, .len = sizeof operation};
    unsigned char message[event_offset + sizeof operation] = {0};
    memcpy(message, &header, sizeof header);
    memcpy(message + connector_offset, &body, sizeof body);
    memcpy(message + event_offset, &operation, sizeof operation);
    ssize_t result = send(socket, message, sizeof message, 0);
    return result < 0 ? -errno : result;
}

int clinux_process_event(const void *message, size_t size, int32_t parent, uint32_t token, int32_t *value) {
    struct cn_msg body;
    struct proc_event event;
    if (size < event_offset + sizeof event)
        return CLINUX_OTHER_EVENT;
    memcpy(&body, (const unsigned char *)message + connector_offset, sizeof body);
    memcpy(&event, (const unsigned char *)message + event_offset, sizeof event);
    if (body.id.idx != CN_IDX_PROC || body.id.val != CN_VAL_PROC)
        return CLINUX_OTHER_EVENT;
    if (event.what == PROC_EVENT_FORK && event.event_data.fork.parent_pid == parent) {
        *value = event.event_data.fork.child_pid;
        return CLINUX_BIRTH;
    }
    if (event.what == PROC_EVENT_NONE && body.ack == token) {
        *value = (int32_t)event.event_data.ack.err;
        return CLINUX_ANSWER;
    }
    return CLINUX_OTHER_EVENT;
}

int clinux_signalfd(const void *signals) {
    int result = signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
    return result < 0 ? -errno : result;
}

int clinux_next_signal(int descriptor) {
    struct signalfd_siginfo signal;
    return read(descriptor, &signal, sizeof signal) < 0 ? -errno : (int)signal.ssi_signo;
}

ptrdiff_t clinux_send_with_credentials(int socket, const void *bytes, size_t size) {
    struct ucred credentials = {.pid = getpid(), .uid = geteuid(), .gid = getegid()};
    // The union aligns the bytes as the header demands.
    union {
        struct cmsghdr header;
        unsigned char bytes[CMSG_SPACE(sizeof credentials)];
    } control = {0};
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = size};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_CREDENTIALS;
    header->cmsg_len = CMSG_LEN(sizeof credentials);
    memcpy(CMSG_DATA(header), &credentials, sizeof credentials);
    ssize_t result = sendmsg(socket, &message, MSG_NOSIGNAL);
    return result < 0 ? -errno : result;
}

const char *clinux_error_name(int error) {
    return strerrorname_np(error);
}
