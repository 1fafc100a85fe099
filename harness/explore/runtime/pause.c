/* SPDX-License-Identifier: MIT */
/*
 * pause - an execution that stands still so that a debugger can be attached to it: `lab` sees from
 * the arena that it does, starts the debugger, and the debugger lets it go on.
 */
#include "explore/runtime/world.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 20 };

/* Plain system calls: those of the C library are under the schedule's control. */
static bool is_traced(void)
{
    static const char word[] = "TracerPid:";
    char text[2048];
    long fd = syscall(SYS_openat, AT_FDCWD, "/proc/thread-self/status", O_RDONLY), n;
    const char *at;

    if (fd < 0)
        return false;
    n = syscall(SYS_read, fd, text, sizeof(text) - 1);
    syscall(SYS_close, fd);
    text[n > 0 ? n : 0] = '\0';
    at = strstr(text, word);
    return at && strtol(at + sizeof(word) - 1, NULL, 10) != 0;
}

void pause_for_debugger(void)
{
    const struct timespec look = {0, LOOK_MS * 1000000L};

    if (!arena->plan.pause_at || arena->result.n_events + 1 != arena->plan.pause_at)
        return;
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0); /* where Yama restricts who may look */
    atomic_store(&arena->paused, (int32_t)syscall(SYS_getpid));
    while (!is_traced() && !atomic_load(&arena->resume))
        syscall(SYS_nanosleep, &look, NULL);
}
