// SPDX-License-Identifier: Apache-2.0

// Makes a machine busy with nothing: so many processes, each with so many further threads, all asleep.
//
// Usage: spawn PROCESSES THREADS
//
// Prints "ready" once all are there, and sleeps until it is killed; they end with it.

#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

static void *sleep_on(void *unused) {
    for (;;) pause();
    return unused;
}

static void start_threads(int count) {
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 64 << 10);
    for (int i = 0; i < count; i++) {
        pthread_t thread;
        if (pthread_create(&thread, &small, sleep_on, NULL) != 0) {
            fputs("spawn: no further thread\n", stderr);
            kill(getppid(), SIGTERM);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fputs("usage: spawn PROCESSES THREADS\n", stderr);
        return 2;
    }
    int processes = atoi(argv[1]), threads = atoi(argv[2]), ready[2];
    if (pipe(ready) != 0) return 1;
    for (int i = 0; i < processes; i++) {
        pid_t child = fork();
        if (child < 0) {
            perror("spawn: fork");
            return 1;
        }
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            start_threads(threads);
            if (write(ready[1], "", 1) != 1) return 1;
            sleep_on(NULL);
        }
    }
    for (int i = 0; i < processes; i++) {
        char byte;
        if (read(ready[0], &byte, 1) != 1) return 1;
    }
    puts("ready");
    fflush(stdout);
    sleep_on(NULL);
}
