/* SPDX-License-Identifier: MIT */
/*
 * box - one command, run with limits, and nothing of it left afterwards.
 *
 *     struct box_spec spec = {.argv = argv, .limits = box_limits_default(), .level = BOX_LIMITS};
 *     struct box_result r = BOX_RESULT_EMPTY;
 *     struct box *b = box_start(&spec, &err);          // NULL: we failed, `err` says how
 *     while (box_pump(b, my_fd, -1) == BOX_PUMP_FD)    // optional: talk to it meanwhile
 *         …
 *     if (box_finish(b, &r, &err)) …                   // kills what is left, frees b
 *     box_result_release(&r);
 *
 * or, when nobody talks to it, box_run(&spec, &r, &err).
 *
 * Two exits that cannot be confused: a return of -1 says that the *box* failed (an error, with a
 * sentence and a remedy: HARNESS_ERROR); `struct box_result` says how the *command* ended.
 *
 * CPU time is limited before wall time. The wall clock of a box advances only while no task of it
 * is runnable: a program that was starved by a busy machine is not late. A ceiling of ten times the
 * wall limit ends what escapes that rule.
 *
 * Quiet: when every task of the box has been asleep without using CPU for `quiet_ms`, `on_quiet` is
 * called; when it returns true the box ends as BOX_QUIET. Without a callback nothing happens.
 *
 * Nothing survives: the command runs in a process group of its own with `lab` as subreaper, and in
 * a pid namespace at the sandbox levels; box_finish() returns when all of its processes are gone.
 *
 * One box is used by one thread. Boxes of several processes do not disturb each other.
 */
#ifndef BOX_H
#define BOX_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum box_level {
    BOX_LIMITS,  /* limits only, no sandbox: the student's own code on the student's own machine */
    BOX_REDUCED, /* Landlock + seccomp + limits */
    BOX_APPROXIMATE, /* namespaces + seccomp, memory limit by polling */
    BOX_FULL,        /* namespaces + seccomp + cgroup */
};

struct box_limits {
    unsigned wall_ms; /* time in which no task was runnable */
    unsigned cpu_ms;  /* of all tasks together */
    unsigned quiet_ms;
    size_t memory_bytes;        /* resident, of all processes together */
    size_t address_space_bytes; /* RLIMIT_AS for each process; 0: none (sanitizers need that) */
    unsigned tasks;             /* threads and processes at once */
    unsigned descriptors;
    size_t file_bytes;   /* largest file that may be written */
    size_t tmp_bytes;    /* size of each writable directory (namespaces) */
    size_t stdout_bytes; /* kept; writing four times as much ends the box as BOX_OUTPUT */
    size_t stderr_bytes;
};

/* A path that is visible inside (sandbox levels only; at BOX_LIMITS binds are ignored). */
struct box_bind {
    const char *outside;
    const char *inside;
    bool writable;
};

/* A descriptor that the command inherits; all others are closed. */
struct box_fd {
    int outside;
    int inside; /* 3 … */
};

/* What a level is made of. Only the box's own tests switch one off, to see that the others do not
 * cover for it. */
enum box_layer {
    BOX_LAYER_NAMESPACES = 1 << 0,
    BOX_LAYER_SECCOMP = 1 << 1,
    BOX_LAYER_LANDLOCK = 1 << 2,
    BOX_LAYER_CGROUP = 1 << 3,
    BOX_LAYER_USER = 1 << 4, /* a user id of its own, when `lab` is root */
    BOX_LAYER_RLIMITS = 1 << 5,
    BOX_LAYER_SEALED = 1 << 6, /* lab-init cannot be traced */
    BOX_LAYER_CLOSED = 1 << 7, /* descriptors that were not passed are closed */
    BOX_LAYER_INODES = 1 << 8, /* the number of files is watched */
};

struct box_spec {
    const char *const *argv; /* argv[0] is a path as seen inside */
    const char *const *envp; /* the whole environment; NULL: empty */
    const char *cwd;         /* NULL: "/tmp" inside a sandbox, unchanged at BOX_LIMITS */
    const struct box_bind *binds;
    size_t n_binds;
    const struct box_fd *fds;
    size_t n_fds;
    const char
        *files;   /* a directory of its own that can be read outside, see box_files(); or NULL */
    int stdin_fd; /* 0: /dev/null */
    struct box_limits limits;
    enum box_level level;
    bool no_aslr;        /* personality(ADDR_NO_RANDOMIZE), for ThreadSanitizer of clang < 18 */
    bool pin_cpu;        /* run on one CPU only (explore) */
    bool compiler;       /* a compiler runs inside: it needs all of /usr */
    unsigned layers_off; /* enum box_layer, for tests; 0 */
    bool (*on_quiet)(void *arg);
    void *quiet_arg;
};

enum box_end {
    BOX_EXITED,   /* status is the exit status */
    BOX_SIGNALED, /* status is the signal's number */
    BOX_WALL,     /* asleep for longer than the wall limit */
    BOX_CPU,
    BOX_MEMORY,
    BOX_TASKS, /* a fork or a thread failed because of the limit on tasks */
    BOX_OUTPUT,
    BOX_QUIET,  /* on_quiet said so */
    BOX_KILLED, /* by box_finish() while it still ran */
    BOX_END_COUNT
};

struct box_result {
    enum box_end end;
    int status;
    unsigned wall_ms;
    unsigned user_ms;
    unsigned system_ms;
    size_t peak_bytes;  /* resident */
    unsigned survivors; /* processes alive when the command itself had ended */
    unsigned zombies;   /* children of the command that nobody had waited for */
    struct buf out;     /* what it printed, cut at the limits */
    struct buf err;
    bool out_cut;
    bool err_cut;
    int files; /* as of box_files(); box_result_release() closes it */
};

#define BOX_RESULT_EMPTY ((struct box_result){.files = -1})

enum box_pump {
    BOX_PUMP_FD,      /* the descriptor is readable */
    BOX_PUMP_ENDED,   /* the command has ended, or was ended by a limit */
    BOX_PUMP_TIMEOUT, /* timeout_ms went by */
    BOX_PUMP_FAILED,  /* the box failed: box_finish() has the sentence */
};

struct box;

struct box_limits box_limits_default(void);

/* Finds out what every box at BOX_LIMITS has to know about the machine. A process that is going to
 * fork others, which start the boxes, spares each of them the search. */
void box_look_around(void);

struct box *box_start(const struct box_spec *spec, struct buf *err);

/* Supervises the box (output, limits, quiet) until `fd` is readable (-1: no descriptor), it ended,
 * or `timeout_ms` went by (-1: for ever). */
enum box_pump box_pump(struct box *b, int fd, int timeout_ms);

/* Sets the clocks, CPU and quiet time back to zero: the command starts a new piece of work, of
 * which each has the whole limits (a Valgrind that serves one scenario after the other). */
void box_rearm(struct box *b);

/* CPU time of all tasks together since the start, as of the last look at them. */
unsigned box_cpu_ms(const struct box *b);

/* Host pid of the command's first process, for messages to it. */
int box_pid(const struct box *b);

/* The directory `spec.files`, open for reading; -1 when it is not there yet. In namespaces it is a
 * file system in memory of limited size: nothing of it reaches the machine's disks, and it is gone
 * when nobody has it open. Elsewhere it is the directory of that name, which the caller made. What
 * lies in it is the command's: no path in it may be followed. The box's own; box_finish() hands it
 * over in the result. */
int box_files(struct box *b);

/* Ends what is left, waits for it, reports, and frees the box. */
int box_finish(struct box *b, struct box_result *ret, struct buf *err);

int box_run(const struct box_spec *spec, struct box_result *ret, struct buf *err);

void box_result_release(struct box_result *r);

/* "the memory limit (256 MiB) was hit", for people. */
const char *box_end_name(enum box_end end);

#endif
