/* SPDX-License-Identifier: MIT */
/*
 * trace - the shared memory between the search (in `lab`) and the schedule runtime (in the program
 * under test): the plan of one execution goes in, what happened comes out.
 *
 *     lab                                       zygote (runtime/zygote.c)
 *     arena_create(), start the program ──────> maps TRACE_FD, waits for `go`
 *     fill plan, go = n, wake ────────────────> forks; the child runs the program under the plan
 *     result, events <──────────────────────── done = n, wake
 *
 * Words. A *task* is a thread, or the first thread of a forked process. An *operation* is one
 * visible step of a task: an access to memory that tasks share, or a call that synchronises. Before
 * each one the task stops and the runtime chooses who goes on; an operation that was executed is an
 * *event*. A *choice* is a step at which more than one task was enabled. A schedule is the list of
 * the tasks taken at the choices, nothing else.
 *
 * Trust: the program's side is in the hands of the student's code. The search copies a result
 * before it looks at it and checks every index (arena.h); nothing here is a pointer.
 *
 * Everything is plain data at fixed offsets. Times are nanoseconds of virtual time.
 */
#ifndef EXPLORE_TRACE_H
#define EXPLORE_TRACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define TRACE_MAGIC 0x31545849u /* "IXT1" */

enum {
    TRACE_FD = 5, /* the arena's descriptor when the program starts; BOARD_FD is 3 */
    TRACE_TASKS = 128,
    TRACE_PREFIX = 32768, /* choices in a plan */
    TRACE_WATCHES = 4096, /* memory that tasks share, in units of 8 bytes */
    TRACE_STEERS = 8,
    TRACE_EVENTS = 24000,
    TRACE_FRAMES = 16384,
    TRACE_BLOCKS = 8192,
    TRACE_FINDINGS = 32,
    TRACE_TEXT = 256,
    TRACE_NAME = 16,
};

/* A set of tasks. */
struct task_set {
    uint64_t bits[TRACE_TASKS / 64];
};

static inline bool task_set_has(const struct task_set *s, unsigned task)
{
    return s->bits[task / 64] >> (task % 64) & 1;
}

static inline void task_set_add(struct task_set *s, unsigned task)
{
    s->bits[task / 64] |= 1ull << (task % 64);
}

static inline void task_set_remove(struct task_set *s, unsigned task)
{
    s->bits[task / 64] &= ~(1ull << (task % 64));
}

static inline int task_set_count(const struct task_set *s)
{
    return __builtin_popcountll(s->bits[0]) + __builtin_popcountll(s->bits[1]);
}

static inline bool task_set_empty(const struct task_set *s)
{
    return !(s->bits[0] | s->bits[1]);
}

/* The smallest member, -1 when there is none. */
static inline int task_set_first(const struct task_set *s)
{
    if (s->bits[0])
        return __builtin_ctzll(s->bits[0]);
    return s->bits[1] ? 64 + __builtin_ctzll(s->bits[1]) : -1;
}

/*
 * Operations: name for people, and whether the operation may have to wait until others act. The
 * footprint of an operation (struct trace_place) says what it depends on, see depend.h.
 */
/* clang-format off */
#define TRACE_OPERATIONS(X) \
    X(NONE, "nothing", false) \
    X(READ, "reads", false) X(WRITE, "writes", false) X(FREE, "frees", false) \
    X(ATOMIC_LOAD, "loads atomically", false) X(ATOMIC_STORE, "stores atomically", false) \
    X(ATOMIC_UPDATE, "updates atomically", false) X(ATOMIC_COMPARE, "compares and exchanges", false) \
    X(LOCK, "locks", true) X(TRYLOCK, "tries to lock", false) X(UNLOCK, "unlocks", false) \
    X(WAIT, "starts to wait on", false) X(WAKE, "wakes from", true) \
    X(SIGNAL, "signals", false) X(BROADCAST, "broadcasts", false) \
    X(SEM_WAIT, "waits for the semaphore", true) X(SEM_TRYWAIT, "tries the semaphore", false) \
    X(SEM_POST, "posts the semaphore", false) X(SEM_VALUE, "asks the semaphore", false) \
    X(READ_LOCK, "read-locks", true) X(WRITE_LOCK, "write-locks", true) \
    X(TRY_READ_LOCK, "tries to read-lock", false) X(TRY_WRITE_LOCK, "tries to write-lock", false) \
    X(READ_UNLOCK, "read-unlocks", false) X(WRITE_UNLOCK, "write-unlocks", false) \
    X(ARRIVE, "arrives at the barrier", false) X(LEAVE, "leaves the barrier", true) \
    X(ONCE, "calls once", true) X(ONCE_DONE, "completes the once", false) \
    X(CREATE, "creates", false) X(JOIN, "joins", true) X(TRYJOIN, "tries to join", false) \
    X(END, "ends", false) X(EXIT, "exits", false) \
    X(SLEEP, "sleeps", true) X(YIELD, "yields", false) \
    X(FORK, "forks", false) X(REAP, "waits for the child", true) X(KILL, "kills", false) \
    X(PIPE_READ, "reads from", true) X(PIPE_WRITE, "writes to", true) \
    X(PIPE_CLOSE, "closes", false) X(POLL, "polls", true) X(LOOK, "looks at files", false) \
    X(CHANGE, "changes files", false) \
    X(MEET, "meets at", true) X(FACT, "says the fact", false) X(COUNT, "counts", false)
/* clang-format on */

enum trace_kind {
#define TRACE_KIND(name, text, waits) OP_##name,
    TRACE_OPERATIONS(TRACE_KIND)
#undef TRACE_KIND
        OP_KINDS
};

/* Address spaces. The private memory of process p is space p; process 0 is the program itself. */
enum trace_space {
    SPACE_SHARED = 256, /* memory that processes share */
    SPACE_TASK,         /* address = task: its birth and its end */
    SPACE_PIPE,         /* address = inode */
    SPACE_FILES,        /* address = 0: the whole file system */
    SPACE_MEETING,      /* address = number on the board */
    SPACE_FACT,         /* address = hash of the name */
    SPACE_SLOT,         /* address = slot of shared_add() or hash of a section's name */
    SPACE_ALL,          /* everything: the end of a process */
};

/* A part of what an operation touches; size 0: nothing. */
struct trace_place {
    uint64_t address;
    uint32_t size;
    uint16_t space;
    uint16_t writes; /* 1: order against every other access matters; 0: only against writes */
};

enum trace_op_flag {
    OPF_ATOMIC = 1,
    OPF_TIMED = 2,     /* ends by itself at a time */
    OPF_MEMORY = 4,    /* a plain or atomic access: place[0] is the student's memory */
    OPF_SPINNING = 8,  /* the task has seen this again and again: disabled until it changes */
    OPF_UNPROVEN = 16, /* … and yet the loop may have a bound, further on */
};

struct trace_op {
    uint8_t kind;                /* enum trace_kind */
    uint8_t flags;               /* enum trace_op_flag */
    int16_t other;               /* the task that is created, joined, killed; -1 */
    uint32_t frame;              /* index of the calling frame, 0: unknown */
    uint64_t pc;                 /* return address of the call, in the student's code */
    struct trace_place place[2]; /* [1]: the mutex of a condition wait */
};

enum trace_event_flag {
    EVENT_CHOICE = 1,   /* more than one task could have gone on */
    EVENT_PREEMPTS = 2, /* the task that ran before could have gone on */
    EVENT_FAILED = 4,   /* a try that failed, a lock refused: `result` is the error */
    EVENT_TIMEOUT = 8,
    EVENT_SPURIOUS = 16, /* woke without a signal */
    EVENT_UNHEARD = 32,  /* a signal that nobody waited for */
    EVENT_LAST = 64,     /* the program ended inside this operation, or right after it */
    EVENT_DEFAULT = 256, /* the task that POLICY_STAY would have taken */
    EVENT_NOTE = 128,    /* logged without a stop: nobody else could have gone on here */
};

/* Which end of a pipe was closed; a socket is both. */
enum trace_end_of_pipe { TRACE_READING_END, TRACE_WRITING_END, TRACE_BOTH_ENDS };

struct trace_event {
    struct trace_op op;
    uint16_t task;
    uint16_t flags; /* enum trace_event_flag */
    uint16_t ran;   /* the task that held the baton before */
    uint16_t reserved;
    int32_t result;           /* what the call returned, where that means something; of a close,
                                 TRACE_READING_END… */
    uint64_t before;          /* memory: value before; mutex: owner + 1; semaphore: value before */
    uint64_t after;           /* the same afterwards */
    struct task_set enabled;  /* before the step: who could go on */
    struct task_set sleeping; /* … and who was asleep in the sense of sleep sets */
};

/* Memory watched: operations on these bytes are visible. */
struct trace_watch {
    uint64_t unit; /* address / 8 */
    uint32_t mask; /* one bit per byte */
    uint32_t reserved;
};

/* Reads-from steering: hold tasks so that the read at `read_pc` sees what was written at `write_pc`
 * (0: the first value, before any write). With STEER_HOLD for the unit: whoever comes to `read_pc`
 * is held there for as long as somebody else can go on; with `write_pc` not 0, the first to come
 * only. */
#define STEER_HOLD UINT64_MAX

struct trace_steer {
    uint64_t read_pc;
    uint64_t write_pc;
    uint64_t unit; /* address / 8 of the memory */
};

enum trace_policy {
    POLICY_STAY, /* the task that runs goes on; when it waits, the lowest number */
    POLICY_WALK, /* uniformly random among the enabled */
    POLICY_PCT,  /* random priorities, `depth` - 1 random points where one falls */
    POLICY_POS,  /* random priority for each pending operation, drawn again after a conflict */
    POLICY_URW,  /* in proportion to the events that a task is expected to have left */
    POLICY_COUNT
};

enum trace_plan_flag {
    PLAN_TOLERANT = 1,    /* a choice that cannot be taken is skipped; otherwise: END_DIVERGED */
    PLAN_BY_STEP = 2,     /* the prefix has one entry for each step, not for each choice */
    PLAN_WATCH_ALL = 4,   /* every access outside the task's own stack is visible */
    PLAN_KEEP_OUTPUT = 8, /* the program's output goes where the zygote's went */
    PLAN_MOVES = 16,      /* the prefix has one entry for each *move*, see runtime/moves.c */
};

struct trace_plan {
    uint32_t flags;
    uint32_t policy; /* after the prefix */
    uint64_t seed;
    uint32_t n_prefix;
    uint32_t n_watches;
    uint32_t n_steers;
    uint32_t max_steps;
    uint32_t spurious;     /* spurious wake-ups for each condition variable */
    uint32_t depth;        /* POLICY_PCT */
    uint32_t length;       /* POLICY_PCT: steps that are expected */
    uint32_t cpu_ms;       /* CPU time without a visible operation, at most */
    uint32_t watch_stamp;  /* another number when `watches` has changed */
    uint32_t pause_at;     /* a debugger wants to look before this event, from 1; 0: none does */
    struct task_set sleep; /* at the last choice of the prefix */
    struct trace_steer steers[TRACE_STEERS];
    uint32_t expected[TRACE_TASKS]; /* POLICY_URW: events of each task */
    uint8_t prefix[TRACE_PREFIX];
    struct trace_watch watches[TRACE_WATCHES];
};

enum trace_end {
    END_NONE, /* died without a word: killed, or its memory is destroyed */
    END_OK,
    END_EXIT, /* status ≠ 0 */
    END_ASSERT,
    END_ABORT,
    END_SIGNAL,
    END_DEADLOCK,
    END_LIVELOCK,
    END_STEPS,       /* more visible operations than the plan allows */
    END_CPU,         /* ran on and on without a visible operation */
    END_STUCK,       /* blocked in the kernel, out of our control */
    END_STOPPED,     /* LAB_TODO() or a broken scenario: the board says which */
    END_UNSUPPORTED, /* a call that the runtime does not model; `text` names it */
    END_PRUNED,      /* sleep sets: every continuation is covered elsewhere */
    END_DIVERGED,    /* the prefix could not be followed; `code` is the choice */
    END_MACHINE,     /* the machine refused a process or a thread; never leaves the executor */
    END_COUNT
};

enum trace_task_state {
    TRACE_TASK_FREE,
    TRACE_TASK_PENDING, /* stopped before `pending` */
    TRACE_TASK_RUNNING,
    TRACE_TASK_ENDED,
    TRACE_TASK_JOINED, /* or reaped */
};

struct trace_task {
    uint8_t state; /* enum trace_task_state */
    uint8_t is_process;
    uint8_t detached;
    uint8_t enabled;    /* at the end of the execution */
    int16_t process;    /* number, in order of birth */
    int16_t parent;     /* -1: the first task */
    int32_t holder;     /* the task that holds what `pending` waits for; -1 */
    int32_t status;     /* wait status of a process that ended */
    uint64_t start;     /* address of the start routine; 0: main, or a forked process */
    uint64_t stack_low; /* its stack: where locals are */
    uint64_t stack_high;
    struct trace_op pending;
    uint32_t events;
    char name[TRACE_NAME]; /* pthread_setname_np(), or empty */
};

/* One frame of a call chain; frames form a tree, frame 0 is "unknown". */
struct trace_frame {
    uint32_t parent;
    uint32_t next;     /* (the runtime's own list) */
    uint32_t children; /* (the runtime's own list) */
    uint32_t task;
    uint64_t call_pc; /* return address into the caller */
    uint64_t base;    /* frame pointer of the function: locals are relative to it */
};

/* A block of heap memory. */
struct trace_block {
    uint64_t address;
    uint64_t size;
    uint64_t pc; /* who asked for it */
    uint32_t frame;
    uint32_t freed_at; /* number of events when it was freed; UINT32_MAX: never */
    uint16_t task;
    uint16_t space;
    uint32_t made_at; /* number of events when it was made */
    uint32_t taken;   /* 1: freed, and since then in other hands than the student's */
    uint32_t reserved;
};

enum trace_finding_kind {
    FINDING_RACE,         /* two accesses that nothing orders */
    FINDING_MISUSE,       /* a call that its contract forbids; `text` says which */
    FINDING_MAIN_LEFT,    /* main returned while other threads ran */
    FINDING_UNJOINED,     /* a thread that nobody joined or detached */
    FINDING_FREED,        /* access to memory that was freed */
    FINDING_UNHEARD,      /* the last signal on a condition variable that had no waiter */
    FINDING_UNCONTROLLED, /* a call that the schedule does not control: a note */
    FINDING_KINDS
};

struct trace_access {
    int32_t task; /* -1: there is none */
    uint32_t frame;
    uint64_t pc;
    uint32_t event; /* index of the event, UINT32_MAX when the access was not visible */
    uint8_t writes;
    uint8_t atomic;
    uint16_t size;
};

struct trace_finding {
    uint32_t kind; /* enum trace_finding_kind */
    uint32_t reserved;
    uint64_t address;
    struct trace_access access[2]; /* [0]: the later one */
    char text[TRACE_TEXT];
};

struct trace_result {
    uint32_t end; /* enum trace_end */
    int32_t code; /* exit status, signal number */
    int32_t task; /* who ended it */
    uint32_t n_events;
    uint32_t n_tasks;
    uint32_t n_frames;
    uint32_t n_blocks;
    uint32_t n_findings;
    uint32_t n_found; /* memory found to be shared that the plan did not watch */
    uint32_t n_choices;
    uint32_t preemptions;
    uint32_t used_prefix; /* entries of the prefix that were taken */
    uint32_t time_passed; /* the virtual clock was moved because everybody waited */
    uint32_t cut_loops;   /* loops that may have a bound were held up: OPF_UNPROVEN */
    uint32_t weak_orders; /* 1: atomics asked for less than sequential consistency */
    uint32_t waited;      /* 1: in real time, for something outside */
    char text[TRACE_TEXT];
};

struct trace_arena {
    uint32_t magic;
    uint32_t size;
    _Atomic uint32_t go;      /* futex word, written by lab: number of the execution */
    _Atomic uint32_t done;    /* futex word, written by the zygote */
    int32_t cpu;              /* pin to this CPU; -1: do not */
    uint32_t real_threads;    /* 1: tasks are threads of the kernel, as a debugger shows them */
    _Atomic int32_t paused;   /* the system's id of the process that waits at `pause_at` */
    _Atomic uint32_t resume;  /* 1: it may go on, nobody looks any more */
    _Atomic int32_t ready;    /* 1: the zygote waits for the first plan; 2: it cannot work */
    char trouble[TRACE_TEXT]; /* with ready = 2 */

    struct trace_result result;
    struct trace_plan plan;
    struct trace_watch found[TRACE_WATCHES];
    struct trace_finding findings[TRACE_FINDINGS];
    struct trace_task tasks[TRACE_TASKS];
    struct trace_frame frames[TRACE_FRAMES];
    struct trace_block blocks[TRACE_BLOCKS];
    struct trace_event events[TRACE_EVENTS];
};

#endif
