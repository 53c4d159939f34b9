// SPDX-License-Identifier: Apache-2.0

// The floor under `rtshield create --cpus LIST` on cgroup v1: reads and writes what it reads and writes, and decides
// nothing. One descriptor for each file that is used again, one write(2) a task, no journal, no explanation. Interrupts
// and other noise are what `create` sets by default on a machine with these files.
//
// Usage: create-floor SHIELD HOUSEKEEPING   such as 2-5 0-1,6-7
//        create-floor --undo

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_TASKS = 1 << 22, REFUSES_AFFINITY = 0x04000000 };

static const char root[] = "/sys/fs/cgroup/cpuset";
static const char memory[] = "/run/create-floor";
static const char values[] = "/run/create-floor-values";
static const char *const groups[] = {"system", "user", "docker", "docker/rtshield"};
static const char *const observed[] = {
    "/proc/self/mountinfo", "/proc/sys/kernel/osrelease", "/proc/version", "/proc/sys/kernel/random/boot_id",
    "/proc/cmdline", "/sys/devices/system/cpu/present", "/sys/devices/system/cpu/online",
    "/sys/devices/system/cpu/possible", "/sys/devices/system/node/node0/cpulist",
    "/sys/devices/system/node/has_memory", "/sys/fs/cgroup/cpuset/cpuset.cpus", "/sys/fs/cgroup/cpuset/cpuset.mems",
    "/sys/fs/cgroup/cpuset/cpuset.cpu_exclusive", "/sys/fs/cgroup/cpuset/cpuset.sched_load_balance",
    "/sys/fs/cgroup/cpuset/tasks"};

struct knob {
    const char *path, *value;
};
static const struct knob knobs[] = {{"/proc/sys/kernel/timer_migration", "0"}, {"/proc/sys/vm/stat_interval", "10"}};
static const char *const masks[] = {
    "/proc/irq/default_smp_affinity", "/sys/devices/virtual/workqueue/cpumask",
    "/sys/devices/virtual/workqueue/writeback/cpumask"};

struct affinity {
    int task;
    cpu_set_t cpus;
};

static char text[4 << 20];
static uint8_t seen[MOST_TASKS / 8], in_kernel[MOST_TASKS / 8];

static int has(const uint8_t *set, int task) { return set[task / 8] & 1 << task % 8; }
static void add(uint8_t *set, int task) { set[task / 8] |= (uint8_t)(1 << task % 8); }

static void fail(const char *what) {
    fprintf(stderr, "create-floor: %s: %s\n", what, strerror(errno));
    exit(1);
}

// Reads a whole file into `text`; the length is 0 when the file is gone.
static size_t read_file(int directory, const char *path) {
    size_t length = 0;
    int file = openat(directory, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    for (ssize_t count; (count = read(file, text + length, sizeof text - 1 - length)) > 0; length += (size_t)count) {}
    close(file);
    text[length] = 0;
    return length;
}

static void write_file(int directory, const char *path, const char *value) {
    int file = openat(directory, path, O_WRONLY | O_CLOEXEC);
    if (file < 0 || write(file, value, strlen(value)) < 0) fail(path);
    close(file);
    read_file(directory, path);
}

static cpu_set_t parse(const char *list) {
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    for (char *rest = (char *)list; *rest; rest += *rest == ',') {
        long first = strtol(rest, &rest, 10), last = *rest == '-' ? strtol(rest + 1, &rest, 10) : first;
        for (; first <= last; first++) CPU_SET((size_t)first, &cpus);
    }
    return cpus;
}

static void observe(void) {
    char path[96];
    for (size_t i = 0; i < sizeof observed / sizeof *observed; i++) read_file(AT_FDCWD, observed[i]);
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    for (long cpu = 0; cpu < cpus; cpu++) {
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%ld/topology/thread_siblings_list", cpu);
        read_file(AT_FDCWD, path);
    }
}

// Writes a value, after noting what was there.
static void set(FILE *notes, const char *path, const char *value) {
    char old[256];
    if (read_file(AT_FDCWD, path) == 0) return;
    snprintf(old, sizeof old, "%.*s", (int)strcspn(text, "\n"), text);
    if (strcmp(old, value) == 0) return;
    fprintf(notes, "%s %s\n", path, old);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    // Interrupts that belong to a CPU, or that the kernel manages, refuse.
    if (file >= 0) (void)!write(file, value, strlen(value));
    close(file);
    read_file(AT_FDCWD, path);
}

// Sets what keeps noise away, for interrupts and receiving queues that all are everywhere or nowhere.
static void quiet(const char *housekeeping) {
    char path[300], mask[20];
    cpu_set_t cpus = parse(housekeeping);
    FILE *notes = fopen(values, "we");
    DIR *irqs = opendir("/proc/irq");
    if (!notes || !irqs) fail(values);
    uint64_t bits = 0;
    for (size_t cpu = 0; cpu < 64; cpu++) bits |= CPU_ISSET(cpu, &cpus) ? (uint64_t)1 << cpu : 0;
    snprintf(mask, sizeof mask, "%lx", bits);
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) set(notes, masks[i], mask);
    for (struct dirent *entry; (entry = readdir(irqs));) {
        snprintf(path, sizeof path, "/proc/irq/%s/smp_affinity_list", entry->d_name);
        if (strspn(entry->d_name, "0123456789") == strlen(entry->d_name)) set(notes, path, housekeeping);
    }
    closedir(irqs);
    for (size_t i = 0; i < sizeof knobs / sizeof *knobs; i++) set(notes, knobs[i].path, knobs[i].value);
    set(notes, "/proc/sys/kernel/watchdog_cpumask", housekeeping);
    fclose(notes);
}

static void make_loud(void) {
    char line[300];
    FILE *notes = fopen(values, "re");
    while (notes && fgets(line, sizeof line, notes)) {
        char *value = strchr(line, ' ');
        if (!value) continue;
        *value++ = 0;
        int file = open(line, O_WRONLY | O_CLOEXEC);
        if (file >= 0) (void)!write(file, value, strcspn(value, "\n"));
        close(file);
    }
    if (notes) fclose(notes);
    unlink(values);
}

static void make_groups(int cpuset, const char *shield, const char *housekeeping) {
    char path[64];
    if (read_file(cpuset, "cpuset.cpus") == 0) fail("cpuset.cpus");
    char *everything = strdup(text);
    const char *const cpus[] = {housekeeping, shield, everything, shield};
    for (int i = 0; i < 4; i++) {
        if (mkdirat(cpuset, groups[i], 0755) != 0) fail(groups[i]);
        snprintf(path, sizeof path, "%s/cpuset.mems", groups[i]);
        write_file(cpuset, path, "0");
        snprintf(path, sizeof path, "%s/cpuset.cpus", groups[i]);
        write_file(cpuset, path, cpus[i]);
    }
}

// The flags of a task: field 9 of its stat file, the seventh after the name; all bits when the task is gone.
static unsigned flags_of(int proc, int task) {
    char path[32], stat[1024];
    snprintf(path, sizeof path, "%d/stat", task);
    int file = openat(proc, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return ~0u;
    ssize_t length = read(file, stat, sizeof stat - 1);
    close(file);
    if (length <= 0) return ~0u;
    stat[length] = 0;
    char *field = strrchr(stat, ')');
    for (int i = 0; field && i < 7; i++) field = strchr(field + 1, ' ');
    return field ? (unsigned)strtoul(field, NULL, 10) : ~0u;
}

static void narrow(int task, cpu_set_t old, const cpu_set_t *shield, int remembered) {
    cpu_set_t rest, lost;
    CPU_AND(&lost, &old, shield);
    CPU_XOR(&rest, &old, &lost);
    if (CPU_COUNT(&lost) == 0 || CPU_COUNT(&rest) == 0) return;
    struct affinity record = {task, old};
    if (write(remembered, &record, sizeof record) != sizeof record) fail(memory);
    sched_setaffinity(task, sizeof rest, &rest);
}

// Lists the kernel threads: kthreadd and its children.
static void list_kernel_threads(int proc) {
    add(in_kernel, 2);
    read_file(proc, "2/task/2/children");
    for (char *rest = text, *end; (end = strchr(rest, ' ')); rest = end + 1) add(in_kernel, (int)strtol(rest, NULL, 10));
}

// One look at the tasks of the root group; returns how many were new.
static int pass(int proc, int tasks, int destination, const cpu_set_t *shield, int remembered) {
    size_t length = 0;
    int fresh = 0;
    list_kernel_threads(proc);
    lseek(tasks, 0, SEEK_SET);
    for (ssize_t count; (count = read(tasks, text + length, sizeof text - 1 - length)) > 0; length += (size_t)count) {}
    text[length] = 0;
    for (char *line = text, *end; *line; line = end + 1) {
        int task = (int)strtol(line, &end, 10);
        if (has(seen, task)) continue;
        add(seen, task);
        fresh++;
        cpu_set_t cpus;
        if (sched_getaffinity(task, sizeof cpus, &cpus) < 0) continue;
        if (!has(in_kernel, task) && task != 1) {
            (void)!write(destination, line, (size_t)(end - line));
        } else if (!(flags_of(proc, task) & REFUSES_AFFINITY)) {
            narrow(task, cpus, shield, remembered);
        }
    }
    return fresh;
}

static void create(int cpuset, const char *shield, const char *housekeeping) {
    cpu_set_t shielded = parse(shield);
    int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    observe();
    make_groups(cpuset, shield, housekeeping);
    quiet(housekeeping);
    int remembered = open(memory, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int tasks = openat(cpuset, "tasks", O_RDONLY | O_CLOEXEC);
    int destination = openat(cpuset, "system/tasks", O_WRONLY | O_CLOEXEC);
    if (proc < 0 || remembered < 0 || tasks < 0 || destination < 0) fail("cannot open what is kept open");
    while (pass(proc, tasks, destination, &shielded, remembered) > 0) {}
}

static void undo(int cpuset) {
    struct affinity record;
    int remembered = open(memory, O_RDONLY | O_CLOEXEC);
    while (read(remembered, &record, sizeof record) == sizeof record)
        sched_setaffinity(record.task, sizeof record.cpus, &record.cpus);
    int destination = openat(cpuset, "tasks", O_WRONLY | O_CLOEXEC);
    for (int i = 3; i >= 0; i--) {
        char path[64];
        snprintf(path, sizeof path, "%s/tasks", groups[i]);
        while (read_file(cpuset, path) > 0)
            for (char *line = text, *end; *line; line = end + 1) {
                end = strchr(line, '\n');
                (void)!write(destination, line, (size_t)(end - line));
            }
        if (unlinkat(cpuset, groups[i], AT_REMOVEDIR) != 0) fail(groups[i]);
    }
    unlink(memory);
    make_loud();
}

int main(int argc, char **argv) {
    int cpuset = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (cpuset < 0) fail(root);
    if (argc == 3) {
        create(cpuset, argv[1], argv[2]);
    } else if (argc == 2 && strcmp(argv[1], "--undo") == 0) {
        undo(cpuset);
    } else {
        fputs("usage: create-floor SHIELD HOUSEKEEPING | create-floor --undo\n", stderr);
        return 2;
    }
}
