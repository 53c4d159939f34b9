// SPDX-License-Identifier: Apache-2.0

// Measures commands against each other: each in turn, round after round, so that what the machine does besides falls on
// all alike.
//
// Usage: pair ROUNDS COMMAND UNDO [COMMAND UNDO]...
//
// A command is split at its spaces, and has to end with status 0, or 3, with which rtshield says that there is no shield.
// With `<FILE` as its first word it reads that file, and otherwise nothing.
// Its UNDO follows it untimed; an empty one is none.
// Prints a line for each command: median and fastest wall time in microseconds, peak memory in KiB.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

struct contender {
    char *command;
    char *undo;
    int64_t *nanoseconds;
    long kibibytes;
};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void split(char *command, char **words, size_t room) {
    size_t count = 0;
    for (char *word = strtok(command, " "); word && count + 1 < room; word = strtok(NULL, " ")) words[count++] = word;
    words[count] = NULL;
}

// Runs a command to its end with its output thrown away; ends the measurement when it fails.
static int64_t run(const char *text, struct rusage *usage) {
    char command[4096], *all[65], **words = all;
    snprintf(command, sizeof command, "%s", text);
    split(command, all, sizeof all / sizeof *all);
    const char *input = "/dev/null";
    if (words[0] && words[0][0] == '<') input = *words++ + 1;
    if (!words[0]) {
        fprintf(stderr, "pair: no command in '%s'\n", text);
        exit(2);
    }
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, input, O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    pid_t child;
    int status;
    int64_t start = now();
    int error = posix_spawnp(&child, words[0], &files, NULL, words, environ);
    if (error != 0) {
        fprintf(stderr, "pair: cannot start '%s': %s\n", text, strerror(error));
        exit(1);
    }
    while (wait4(child, &status, 0, usage) < 0 && errno == EINTR) {}
    int64_t elapsed = now() - start;
    posix_spawn_file_actions_destroy(&files);
    if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != 3)) {
        fprintf(stderr, "pair: '%s' did not end well: wait status %#x\n", text, (unsigned)status);
        exit(1);
    }
    return elapsed;
}

static int ascending(const void *left, const void *right) {
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

int main(int argc, char **argv) {
    int rounds = argc > 1 ? atoi(argv[1]) : 0, count = (argc - 2) / 2;
    if (rounds < 1 || count < 1 || argc != 2 + 2 * count) {
        fputs("usage: pair ROUNDS COMMAND UNDO [COMMAND UNDO]...\n", stderr);
        return 2;
    }
    struct contender *all = calloc((size_t)count, sizeof *all);
    if (!all) return 1;
    for (int i = 0; i < count; i++) {
        int64_t *times = calloc((size_t)rounds, sizeof *times);
        if (!times) return 1;
        all[i] = (struct contender){.command = argv[2 + 2 * i], .undo = argv[3 + 2 * i], .nanoseconds = times};
    }
    // The round before the first fills the caches.
    for (int round = -1; round < rounds; round++) {
        for (struct contender *it = all; it < all + count; it++) {
            struct rusage usage, ignored;
            int64_t elapsed = run(it->command, &usage);
            if (*it->undo) run(it->undo, &ignored);
            if (round < 0) continue;
            it->nanoseconds[round] = elapsed;
            if (usage.ru_maxrss > it->kibibytes) it->kibibytes = usage.ru_maxrss;
        }
    }
    for (struct contender *it = all; it < all + count; it++) {
        qsort(it->nanoseconds, (size_t)rounds, sizeof *it->nanoseconds, ascending);
        printf("%lld %lld %ld %s\n", (long long)it->nanoseconds[rounds / 2] / 1000,
               (long long)it->nanoseconds[0] / 1000, it->kibibytes, it->command);
    }
}
