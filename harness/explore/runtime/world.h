/* SPDX-License-Identifier: MIT */
/*
 * world - the state of one execution, as the schedule runtime models it.
 *
 * The runtime is linked with the student's code instead of a sanitizer's. Tasks are real threads
 * and real processes, but only one of them runs at a time: the one that holds the *baton*.
 * Everything below lives in memory that all processes of the execution share, and is touched by the
 * holder of the baton only; so there is no lock anywhere in the runtime.
 *
 *     student code                      runtime
 *     x = 1  ─ __tsan_write4() ───────> step(): publish the operation, choose who goes on,
 *            <─ baton is ours again ─── pass the baton, wait for it, log the event
 *     pthread_mutex_lock() ───────────> step(), then change the model of the mutex
 *
 * Nothing blocks in the kernel: an operation that has to wait is *not enabled* (enabled.c), and is
 * not chosen until it is. When nothing is enabled, unblock.c moves the virtual clock, breaks
 * meetings, lets spinning tasks look again; and if all that is in vain, the execution ends as a
 * deadlock.
 *
 * zygote.c forks one process per execution, so memory is fresh each time; the tables here are reset
 * by counts, and what is not counted is not touched (each touched page costs).
 */
#ifndef RUNTIME_WORLD_H
#define RUNTIME_WORLD_H

#include "explore/depend.h"
#include "explore/trace.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum {
    WORLD_OBJECTS = 4096,
    WORLD_INDEX = 16384, /* slots of the object index, a power of two */
    WORLD_CELLS = 1 << 16,
    WORLD_CELL_INDEX = 1 << 18, /* a power of two */
    WORLD_RECORDS = 1 << 18,
    WORLD_CLOCKS = 2048,
    WORLD_VERSIONS = 1024,
    WORLD_KEYS = 64,
    WORLD_TOKENS = 32,
    WORLD_SEEN = 16,
    WORLD_REGIONS = 64,
    WORLD_STACK = 8 << 20, /* bytes of a thread's stack: as many as Linux gives */
};

#define NO_TASK     (-1)
#define NEVER       UINT64_MAX
#define START_CLOCK 1700000000000000000ull /* virtual time at the start: a day in 2023 */

typedef uint32_t clock_row[TRACE_TASKS]; /* a vector clock: one component for each task */

/* What a task saw while it may be spinning: the same read at the same place, again and again. */
struct sighting {
    uint64_t pc;
    uint64_t value;
    uint64_t state; /* of the task's stack, from the second time on */
    struct trace_place place;
    uint32_t version;
    uint32_t times;
    uint32_t look;   /* number of the last one among all that the task has had */
    uint32_t proven; /* times in a row that `state` was the same */
    uint16_t held;   /* locks that the task held before it */
    uint8_t is_lock; /* a lock that it got: its unlocking is no news */
};

struct task {
    _Atomic uint32_t baton; /* futex word (baton.c): 1 = go on */
    uint8_t state;          /* enum trace_task_state */
    uint8_t detached;
    uint8_t is_process;
    uint8_t timed_out;  /* the clock woke it */
    uint8_t spurious;   /* woken without a signal */
    uint8_t woken;      /* broadcast, or a meeting that is complete */
    uint8_t look_again; /* a spinning task that gets another round */
    uint8_t is_c11;     /* `start` returns int */
    int16_t id;
    int16_t process;
    int16_t parent;
    int16_t fibre;   /* its stack; the forking task's in a new process */
    int spy;         /* row of the board */
    int16_t starter; /* gets the baton back when this new task reaches its first operation */

    struct trace_op pending;
    struct object *object; /* what `pending` waits for */
    struct object *mutex;  /* … and the mutex of a condition wait */
    uint64_t deadline;     /* virtual; NEVER: waits without a limit */
    uint64_t sleep_ends;   /* SLEEP: the same, but may be over sooner */
    uint32_t ticket;       /* condition wait: signals up to this one came too early */
    uint32_t tried;        /* pipe: version at the last try */
    int32_t awaited;       /* REAP: pid, or -1; READ: descriptor */

    uint32_t event;  /* index of its last event */
    uint32_t events; /* executed so far */
    uint32_t frame;
    uint64_t priority;

    uint64_t written; /* address of a plain write whose value is not known yet; 0: none */
    uint64_t old_value;
    uint32_t written_size;
    uint32_t written_event; /* UINT32_MAX: was not visible */
    struct trace_place written_place;

    uint32_t held; /* mutexes and readers-writer locks */
    uint32_t looks;
    uint32_t n_seen;
    struct sighting seen[WORLD_SEEN];

    void *(*start)(void *);
    void *argument;
    void *result;
    const void *exit_pc; /* who called exit() */
    pthread_t thread;
    uint64_t stack_low, stack_high;
    uint32_t worked;     /* epoch (clocks.c) of the last thing that it did; to begin is one */
    uint64_t stack_base; /* where the student's part of it begins */
    char name[TRACE_NAME];
    void *keys[WORLD_KEYS];
    void *cleanup; /* the innermost buffer of pthread_cleanup_push(); NULL: none */

    uint8_t has_fence_acquire, has_fence_release;
    clock_row clock; /* what happened before, by synchronisation */
    clock_row birth; /* the same by creating and joining alone */
    clock_row fence_acquire;
    clock_row fence_release;
};

enum process_state { PROCESS_FREE, PROCESS_RUNS, PROCESS_ZOMBIE, PROCESS_REAPED };

struct process {
    uint8_t state; /* enum process_state */
    int16_t parent;
    int16_t first_task;
    int32_t real_pid;
    int32_t status;
    uint32_t clock;   /* row of what it had done when it ended */
    uint64_t handled; /* signals that it catches or ignores */
    uint32_t n_regions;
    struct region { /* memory mapped as MAP_SHARED */
        uint64_t low, high;
        uint64_t canonical;             /* address that names its first byte in SPACE_SHARED */
        uint64_t device, inode, offset; /* 0: anonymous */
    } regions[WORLD_REGIONS];
};

enum object_type {
    OBJECT_MUTEX = 1,
    OBJECT_COND,
    OBJECT_SEM,
    OBJECT_RWLOCK,
    OBJECT_BARRIER,
    OBJECT_ONCE,
    OBJECT_ATOMIC,
    OBJECT_PIPE,
    OBJECT_MEETING,
};

/* A synchronisation object, known by its place. */
struct object {
    struct trace_place place;
    uint8_t type; /* enum object_type */
    uint8_t destroyed;
    uint8_t kind;        /* mutex: PTHREAD_MUTEX_RECURSIVE … */
    int16_t owner;       /* mutex, write lock, once: task; NO_TASK */
    uint32_t count;      /* mutex: depth; semaphore: value; rwlock: readers; barrier: arrived */
    uint32_t total;      /* barrier: size; meeting: parties */
    uint32_t generation; /* barrier; condition: tickets; pipe: version; once: 2 = done */
    uint32_t clock;      /* row; 0: none */
    uint32_t clock2;     /* rwlock: row of the readers */
    uint32_t spurious_left;
    uint32_t n_tokens;
    uint32_t tokens[WORLD_TOKENS]; /* condition: tickets of signals that nobody has taken yet */
    uint32_t unheard;              /* condition: event of the last signal without a waiter, + 1 */
    uint32_t slot;                 /* of the index */
    struct task_set readers;       /* rwlock */
};

/* Shadow of 8 bytes of memory: who accessed them last. */
struct cell {
    uint64_t unit; /* address / 8 */
    uint16_t space;
    uint8_t shared; /* bytes that tasks use in parallel, one of them writing */
    uint8_t freed;
    uint32_t first; /* record; 0: none */
    uint32_t slot;
    uint32_t found; /* index in the arena's list + 1 */
};

struct record {
    uint32_t next;
    uint32_t clock;
    uint64_t pc;
    uint32_t frame;
    uint32_t event;
    uint16_t task;
    uint8_t mask; /* bytes of the unit */
    uint8_t writes;
    uint8_t atomic;
    uint8_t size;
};

struct world {
    uint32_t n_tasks, n_processes, n_fibres, n_objects, n_clocks, n_cells, n_records;
    uint32_t alive; /* tasks that have not ended */
    uint32_t steps;
    uint32_t idle_rounds; /* times in a row that spinning tasks looked again in vain */
    uint32_t prefix_at;
    int32_t running; /* the task that ran last */
    uint64_t now;
    uint64_t random;
    uint64_t clock_reads;
    uint32_t n_change_points;
    uint32_t change_points[16];
    uint32_t steer_done; /* one bit per steer */
    uint64_t steer_writer[TRACE_STEERS];
    struct task_set enabled, may_wake, sleep;
    uint16_t event_flags; /* of the step that was just chosen */
    uint16_t chooser;     /* … and who ran before it */
    uint8_t used_watch_all;
    uint32_t version[WORLD_VERSIONS];
    struct task tasks[TRACE_TASKS];
    struct process processes[TRACE_TASKS];
    struct object objects[WORLD_OBJECTS];
    uint16_t index[WORLD_INDEX];
    clock_row clocks[WORLD_CLOCKS];
    struct cell cells[WORLD_CELLS];
    struct record records[WORLD_RECORDS];
    uint32_t cell_index[WORLD_CELL_INDEX];
};

extern struct world *world;
extern struct trace_arena *arena;

/* The calling task; NULL outside an execution (constructors, the zygote): then nothing is modelled.
 */
extern _Thread_local struct task *me;

#define CALLER __builtin_return_address(0)

/* schedule.c: the heart. step() returns when the calling task was chosen to execute `op`; the event
 * is in the log. note() logs an operation that is never worth a choice. */
struct trace_event *step(const struct trace_op *op);
struct trace_event *note(const struct trace_op *op);
_Noreturn void leave(void); /* the calling task has ended: somebody else goes on */
struct trace_op op_make(enum trace_kind kind, const void *pc);
struct trace_op op_on(enum trace_kind kind, const void *pc, const struct object *o);

int follow_moves(void); /* moves.c: who goes on under PLAN_MOVES */

/* baton.c: from the calling task to another, and back; giving alone is for who goes for good. */
void baton_pass(struct task *to);
void baton_give(struct task *to);
void baton_wait(void);

/* policy.c, steer.c: who goes on, among at least two. `candidates` is not empty. */
void policy_begin(void);
int policy_stay(const struct task_set *candidates); /* POLICY_STAY, whatever the plan says */
int policy_choose(const struct task_set *candidates);
void policy_executed(const struct trace_op *op);
void policy_published(struct task *t);
void steer_filter(struct task_set *candidates);
void steer_executed(const struct trace_op *op);
uint64_t random_next(void);
uint32_t random_below(uint32_t bound);

/* enabled.c, unblock.c */
bool is_enabled(const struct task *t);
bool may_wake_spuriously(const struct task *t);
void time_goes_by(uint64_t until);
void unblock(void); /* nothing is enabled: changes that, or ends the execution */
int holder_of(const struct task *t);

/* end.c: how an execution ends. */
_Noreturn void finish(enum trace_end end, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
_Noreturn void unsupported(const char *call);
bool machine_may_recover(int tries); /* waits a little */
void machine_refused(const char *what);
void end_install_handlers(void);
_Noreturn void end_process(int status, const void *pc);
void process_ended(int status); /* the calling process, by exit or signal: others go on */
_Noreturn void killed_by(int number, enum trace_end end, const char *text);
void pipes_process_ended(void); /* closes them, so that readers see the end of file */
void pipes_changed(void);       /* whoever waits for a pipe looks again */
void leave_process(void);       /* gives the baton away; unlike leave(), returns */

/* log.c */
struct trace_event *log_event(struct task *t, const struct trace_op *op);
/* `format` may be NULL. Formatting touches pages that nothing else does, in every execution. */
struct trace_finding *log_finding(enum trace_finding_kind kind, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void log_misuse(const void *pc, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pause_for_debugger(void); /* before the event that the plan wants to be looked at */
void settle(void);             /* the value of the last plain write is known now */
void frame_enter(const void *call_pc, const void *base);
void frame_leave(const void *base);
void heap_add(const void *p, size_t size, const void *pc);
struct trace_block *heap_block(const void *p); /* alive or freed; NULL: not the student's */
void heap_taken(const void *p);                /* somebody else has it now */

/* task.c */
struct task *task_new(bool is_process);
struct task *task_by_thread(pthread_t thread);

/* objects.c */
struct trace_place place_of(const void *p, uint32_t size, bool writes);
struct object *object_find(enum object_type type, struct trace_place place);
struct object *object_at(enum object_type type, const void *p); /* makes one when there is none */
struct object *object_renew(enum object_type type, const void *p); /* forgets what was there */
void objects_reset(void);
void objects_fork(const struct task *first); /* of a new process */

/* clocks.c: happens-before. */
void clocks_join(clock_row to, const clock_row from);
uint32_t clocks_new(void);
void acquire(uint32_t row);
void release(uint32_t *row);      /* the row gets all that the caller did */
void release_over(uint32_t *row); /* the same, and forgets what the row had */
void clocks_born(struct task *child);
void clocks_joined(const clock_row done, const clock_row birth);

/* shadow.c: race detection, and which memory is shared. */
struct span {
    uint64_t address;
    uint32_t size;
    bool writes;
    bool atomic;
    const void *pc;
    uint32_t event; /* UINT32_MAX: not visible */
};
void shadow_access(const struct span *s);
void shadow_forget(uint64_t address, uint64_t size);
void shadow_forget_shared(uint64_t address, uint64_t size); /* by the canonical address */
void shadow_free(const struct span *s);
void shadow_freed_twice(const struct span *s);
void shadow_reset(void);

/* watch.c: what is visible; the table is private to the zygote and inherited. */
void watch_load(const struct trace_plan *plan);
unsigned watch_mask(uint64_t unit);
bool watch_covers(uint64_t address, uint64_t size);

/* spin.c */
void spin_changed(const struct trace_place *place); /* somebody changed a value there */
void spin_progress(void);                           /* the caller did something new */
void spin_prepare(struct trace_op *op); /* before step(): is the caller going round in circles? */
void spin_saw(const struct trace_op *op, uint64_t value); /* after it: this is what it saw */
void spin_glanced(const struct trace_op *op, uint64_t value);
void spin_locks(const struct trace_op *op); /* … or that it got a lock */
bool spin_news(const struct task *t);

/* memory.c: one access of the student's code; is it a step, with what the plan watches? */
bool access_is_visible(uint64_t address, size_t size);
void access_plain(const void *p, size_t size, bool writes, const void *pc);
struct trace_event *access_atomic(
    const void *p, size_t size, enum trace_kind kind, bool writes, const void *pc);

/* time.c */
uint64_t deadline_of(const struct timespec *until, int clock);
void sleep_until(uint64_t deadline, const void *pc);

/* sem.c: named semaphores, in memory that processes share. */
enum { SEM_MEMORY = 8192 };
void sem_use_memory(void *memory, size_t size);
void sem_share(struct process *first);
void sem_reset(void);

/* files.c: the caller is about to look at a file, or to change one. */
void files_step(bool changes, const void *pc);

/* pipes.c */
struct object *pipe_of(int fd); /* NULL: it is neither a pipe nor a socket */
void pipe_changed(struct object *o);
void pipes_outside(int which, int fd); /* what is written there is nobody's business: 0, 1 */

/* What the files of one primitive each offer to each other. */
int mutex_acquire(struct object *m, enum trace_kind kind, uint64_t deadline, const void *pc);
int mutex_release(struct object *m, const void *pc);
_Noreturn void thread_finish(void *result);
_Noreturn void cleanup_next(void);     /* clean-up handlers, then the thread's end */
_Noreturn void end_first_thread(void); /* pthread_exit() by a process's first thread */
int c11_error(int error);              /* errno value to thrd_… */
void keys_destroy(void);               /* destructors of thread-specific data */

/* uncontrolled.c: a note, once for each text */
void say_uncontrolled(const void *pc, const char *text);

/* student's code, as opposed to the C library's: only its calls count */
bool from_student(const void *pc);

#endif
