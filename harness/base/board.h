/* SPDX-License-Identifier: MIT */
/*
 * board - the shared memory between `lab` and one probe.
 *
 * `lab` makes a board (a memfd), writes the request on it and starts the probe with the memfd as
 * descriptor BOARD_FD. The probe runtime maps it, closes the descriptor (so the student's code sees
 * only 0, 1 and 2) and writes on it: the transcript of facts, the end mark, and what every task is
 * doing, so that a program that is stuck can be explained from outside without ptrace, under any
 * tool, Valgrind included. Forked children of the probe inherit the mapping and may write too.
 *
 *     lab                                    probe
 *     board_create()                         board_attach()
 *     board_request(b, scenario, args, c)
 *     start the probe ─────────────────────> stage = STARTED, scenario → facts, spy
 *                                            end_mark = challenge, stage = COMPLETE
 *     board_stage(), board_facts() <──────── (ended, in whatever way)
 *
 * A board may be used again for the next request after board_request().
 *
 * Trust: the probe's side is in the hands of the student's code. What `lab` reads here is data of
 * unknown truth: every length and index is checked on reading, and expected values are never on it.
 *
 * Everything in `struct board` is plain or lock-free atomic data at fixed offsets; it holds no
 * pointers. The spy's table is written by the tasks themselves, each its own row.
 */
#ifndef BASE_BOARD_H
#define BASE_BOARD_H

#include "base/buf.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BOARD_FD = 3,         /* the memfd's number when the probe starts */
    BOARD_CONTROL_FD = 4, /* only for probes that serve several requests, see probe/serve.c */
    BOARD_TASKS = 256,    /* rows of the task table: threads and processes */
    BOARD_MEETINGS = 16,  /* rendezvous points of one scenario */
    BOARD_LOCKS = 256,    /* locks whose owner is remembered */
    BOARD_SHARED = 4096,  /* counters of shared_add() */
    BOARD_INSIDES = 16,   /* sections of inside_enter() */
    BOARD_SCENARIO = 64,  /* bytes of a scenario's name, with NUL */
    BOARD_ARGS = 8192,    /* bytes of "name=value name=value", with NUL */
    BOARD_TEXT = 256,     /* bytes of a place or a sentence, with NUL */
    BOARD_TRANSCRIPT = 1 << 21,
};

#define BOARD_MAGIC 0x31424c49u /* "ILB1" */

enum board_stage {
    BOARD_EMPTY,    /* the probe has not reached its scenario */
    BOARD_STARTED,  /* inside the scenario */
    BOARD_COMPLETE, /* the scenario returned and the transcript is complete */
    BOARD_TODO,     /* the student's stub said that it is not implemented */
    BOARD_BROKEN,   /* the probe runtime could not work: `sentence` says why (a HARNESS_ERROR) */
};

/* What a task is doing, as the seam knows it. A state that blocks names what it waits for. */
enum task_state {
    TASK_FREE, /* the row is not in use */
    TASK_RUNNING,
    TASK_IN_LOCK,    /* pthread_mutex_lock, rwlock, spin; object = the lock */
    TASK_IN_COND,    /* object = the condition variable */
    TASK_IN_SEM,     /* object = the semaphore */
    TASK_IN_BARRIER, /* object = the barrier */
    TASK_IN_JOIN,    /* object = id of the task that is waited for */
    TASK_IN_WAITPID, /* object = pid, or -1 */
    TASK_IN_READ,    /* object = descriptor */
    TASK_IN_WRITE,   /* object = descriptor */
    TASK_IN_POLL,    /* untimed poll or select */
    TASK_IN_MEETING, /* object = index of the meeting */
    TASK_IN_SLEEP,   /* sleeps, or waits with a time limit: it will wake by itself */
    TASK_ENDED,      /* a thread that ended and was not joined yet, or a zombie */
    TASK_STATE_COUNT,
};

struct board_task {
    _Atomic int32_t state; /* enum task_state; TASK_FREE rows are skipped */
    _Atomic int32_t pid;
    _Atomic int32_t tid;
    _Atomic int32_t is_process; /* the first task of a forked process */
    _Atomic int32_t is_detached;
    _Atomic int64_t object;     /* what it waits for, see the state */
    _Atomic uint64_t call_site; /* return address of the call into the seam, less the load base */
    _Atomic int64_t owner;      /* reserved for the explorer */
};

/* Who holds a lock. Locks are known by address, which forked copies share. */
struct board_lock {
    _Atomic uint64_t address; /* 0: the row is free */
    _Atomic int32_t owner;    /* id of the task + 1; 0: nobody */
};

/* A section that counts how many tasks are inside at once. */
struct board_inside {
    _Atomic uint64_t name_hash; /* 0: free */
    _Atomic int64_t now;
    _Atomic int64_t peak;
};

/* A rendezvous: tasks wait here until `parties` of them are inside. When the whole box is quiet and
 * fewer came, `lab` (or the explorer) sets `broken` and wakes them: nobody else can come any more.
 */
struct board_meeting {
    _Atomic uint64_t name_hash; /* 0: free */
    _Atomic uint32_t parties;
    _Atomic uint32_t inside;
    _Atomic uint32_t done; /* a futex word: 0 waiting, 1 complete, 2 broken */
};

struct board {
    uint32_t magic;
    uint32_t size;

    /* the request, written by lab */
    uint64_t challenge; /* fresh for every run */
    char scenario[BOARD_SCENARIO];
    char args[BOARD_ARGS];

    /* the answer, written by the probe */
    _Atomic int32_t stage; /* enum board_stage */
    _Atomic uint64_t end_mark;
    char todo_file[BOARD_TEXT];
    char todo_function[BOARD_TEXT];
    int32_t todo_line;
    char sentence[BOARD_TEXT]; /* with BOARD_BROKEN */

    /* what was left when the scenario returned */
    _Atomic int32_t children_left; /* running */
    _Atomic int32_t zombies_left;
    _Atomic int32_t threads_left;     /* running */
    _Atomic int32_t threads_unjoined; /* joinable, running or not, and never joined */
    _Atomic int32_t descriptors_left;

    _Atomic int64_t spy[32]; /* indexed by enum spy_count of probe/probe.h */

    _Atomic uint32_t n_tasks; /* rows used so far; ids are row numbers, 0 is the first thread */
    struct board_task tasks[BOARD_TASKS];
    struct board_lock locks[BOARD_LOCKS];
    struct board_meeting meetings[BOARD_MEETINGS];
    struct board_inside insides[BOARD_INSIDES];
    _Atomic int64_t shared[BOARD_SHARED];

    _Atomic uint32_t used; /* bytes reserved in the transcript; more than its size: it overflowed */
    char transcript[BOARD_TRANSCRIPT]; /* lines "name value\n"; strings are percent-escaped */
};

/* Makes a board and maps it; `*ret_fd` is close-on-exec and owned by the caller. NULL on failure.
 */
struct board *board_create(int *ret_fd, struct buf *err);

/* Writes a request and forgets every earlier answer. -1 when scenario or args are too long. */
int board_request(
    struct board *b, const char *scenario, const char *args, uint64_t challenge, struct buf *err);

void board_destroy(struct board *b, int fd);

/* The stage, trusted no further than its value: BOARD_COMPLETE only with the right end mark. */
enum board_stage board_stage(const struct board *b);

/* The facts as a JSON object of strings: a name that was said several times is a list, its values
 * joined by one space. NULL with a sentence when the transcript overflowed or is garbled. */
struct json_t;
struct json_t *board_facts(const struct board *b, struct buf *err);

/* True when every task on the board that is alive waits, and none of the waits ends by itself.
 * `is_alive` is asked for the processes of tasks that seem to run: a process that was killed could
 * not say so. */
bool board_all_wait(const struct board *b, bool (*is_alive)(void *arg, int pid), void *arg);

/* Breaks every rendezvous that still waits and wakes its tasks. True when there was one. */
bool board_break_meetings(struct board *b);

#endif
