/* SPDX-License-Identifier: MIT */
#include "lab/processes.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int processes_adopt(struct buf *err)
{
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
        return fail_errno(err, "Cannot become the parent of orphans (prctl)");
    return 0;
}

pid_t processes_fork(void)
{
    pid_t parent = getpid(), pid = fork();

    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it ended before the line above */
        _exit(1);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    setpgid(0, 0); /* Ctrl-C is for the parent, which ends us in order */
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    return 0;
}

/* The parent of a process, by /proc; 0 when it is gone. */
static pid_t parent_of(pid_t pid)
{
    char path[64], line[512];
    FILE *f;
    int parent = 0;
    const char *end;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    f = fopen(path, "re");
    if (!f)
        return 0;
    if (fgets(line, sizeof(line), f) && (end = strrchr(line, ')')))
        (void)!sscanf(end + 1, " %*c %d", &parent);
    fclose(f);
    return parent;
}

bool processes_is_below(pid_t pid, pid_t ancestor)
{
    enum { GENERATIONS = 16 };

    for (int i = 0; i < GENERATIONS && pid > 1; i++, pid = parent_of(pid))
        if (pid == ancestor)
            return true;
    return false;
}

/* One sweep: killing the children makes their children ours, for the next sweep. */
static void kill_children(void)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;

    if (!proc)
        return;
    while ((entry = readdir(proc))) {
        pid_t pid = isdigit((unsigned char)entry->d_name[0])
                        ? (pid_t)strtol(entry->d_name, NULL, 10)
                        : 0;

        if (pid > 0 && parent_of(pid) == getpid())
            kill(pid, SIGKILL);
    }
    closedir(proc);
}

void processes_end(void)
{
    for (;;) {
        kill_children();
        if (waitpid(-1, NULL, 0) < 0 && errno == ECHILD)
            return;
    }
}

static volatile sig_atomic_t told_to_end;

static void on_signal(int number)
{
    told_to_end = number;
}

static void listen_for_signals(enum processes_terminal terminal)
{
    const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART: waitpid() returns */

        if (numbers[i] == SIGINT && terminal == TERMINAL_THEIRS)
            action.sa_handler = SIG_IGN;
        sigaction(numbers[i], &action, NULL);
    }
}

static pid_t start_work(int (*work)(void *arg), void *arg, enum processes_terminal terminal)
{
    pid_t parent = getpid(), pid;

    fflush(NULL);
    pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    if (terminal == TERMINAL_OURS)
        setpgid(0, 0); /* as in processes_fork() */
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    exit(work(arg));
}

static int take_status(int status, int *ret_status, struct buf *err)
{
    int signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

    if (!signal_number)
        *ret_status = WEXITSTATUS(status);
    else if (told_to_end || signal_number == SIGINT || signal_number == SIGTERM)
        *ret_status = PROCESSES_INTERRUPTED;
    else
        return fail(err, "lab itself was ended by signal %d: a mistake of the kit.", signal_number);
    return 0;
}

int processes_run(int (*work)(void *arg), void *arg, enum processes_terminal terminal,
    int *ret_status, struct buf *err)
{
    int status = 0;
    pid_t pid, ended;

    if (processes_adopt(err))
        return -1;
    listen_for_signals(terminal);
    pid = start_work(work, arg, terminal);
    if (pid < 0)
        return fail_errno(err, "Cannot start a process");
    do
        ended = waitpid(pid, &status, 0);
    while (ended < 0 && errno == EINTR && !told_to_end);
    processes_end();
    if (ended == pid)
        return take_status(status, ret_status, err);
    *ret_status = PROCESSES_INTERRUPTED;
    return 0;
}
