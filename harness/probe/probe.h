/* SPDX-License-Identifier: MIT */
/*
 * probe - what an exercise's probe.c uses: scenarios, arguments, facts, the spy, the rendezvous.
 *
 * A scenario calls the student's code and reports facts. It never decides: expected values live in
 * the judge, in another process.
 *
 *     #include "counter_mutex.h"
 *     #include "probe.h"
 *
 *     SCENARIO(count)
 *     {
 *         long threads = arg_int("threads");
 *
 *         fact_int("total", count_with_threads(threads, arg_int("rounds")));
 *         fact_int("threads_created", spy(SPY_THREADS_CREATED));
 *     }
 *
 * Facts may be said from any thread and from forked children; each fact is one atomic record. A
 * name said several times is a list in the order of saying. Keep facts that depend on timing out of
 * scenarios that `explore` runs, or every schedule becomes an outcome of its own.
 *
 * When the scenario returns, the runtime looks for what was left: running threads, threads never
 * joined, children, zombies, open descriptors. Those become LEFTOVER and LEAK by themselves.
 *
 * probe.c is compiled like the student's file, sanitizers included; the runtime below is not.
 */
#ifndef PROBE_H
#define PROBE_H

#include "interleave.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Defines a scenario and enters it in the probe's table. */
#define SCENARIO(name)                                                                           \
    static void scenario_##name(void);                                                           \
    static const struct probe_scenario entry_##name                                              \
        __attribute__((used, section("lab_scenarios"), aligned(16))) = {#name, scenario_##name}; \
    static void scenario_##name(void)

struct probe_scenario {
    const char *name;
    void (*run)(void);
};

/* The arguments that the judge gave: "threads=8 rounds=1000". A missing one ends the run as a
 * HARNESS_ERROR, because judge and probe do not fit. */
long arg_int(const char *name);
const char *arg_str(const char *name);
bool arg_given(const char *name);

/* A list "3,1,4"; the array is allocated, the caller frees it. */
long *arg_ints(const char *name, size_t *ret_count);

/* Facts. `name` is a plain identifier. Strings may hold any bytes; they are escaped. */
void fact_int(const char *name, long value);
void fact_str(const char *name, const char *value);
void fact_bool(const char *name, bool value); /* "1" or "0" */
void fact_ints(const char *name, const long *values, size_t count);

/* A fingerprint of a large result (FNV-1a, 64 bits), so that it need not be sent. The judge has the
 * same function. */
uint64_t fingerprint(const void *bytes, size_t length);
void fact_fingerprint(const char *name, const void *bytes, size_t length);

/* What the student's code really did since the scenario began. */
enum spy_count {
    SPY_THREADS_CREATED,
    SPY_THREADS_JOINED,
    SPY_THREADS_DETACHED,
    SPY_THREADS_PEAK, /* most threads alive at once, the first one not counted */
    SPY_FORKS,
    SPY_REAPED,
    SPY_CHILDREN_PEAK, /* most children alive at once, of the whole process tree */
    SPY_MUTEX_LOCKS,
    SPY_MUTEX_PEAK,   /* most tasks that held a mutex (any) at once */
    SPY_RWLOCK_READS, /* read locks taken */
    SPY_RWLOCK_WRITES,
    SPY_COND_WAITS,
    SPY_COND_SIGNALS,
    SPY_COND_BROADCASTS,
    SPY_SEM_WAITS,
    SPY_SEM_POSTS,
    SPY_BARRIER_WAITS,
    SPY_PIPES,  /* pipes and socket pairs opened */
    SPY_SLEEPS, /* sleep, usleep, nanosleep, clock_nanosleep, timed waits that ran out */
    SPY_YIELDS, /* sched_yield */
    SPY_EXECS,
    SPY_COUNT
};

long spy(enum spy_count what);

/*
 * The rendezvous: waits until `parties` tasks (threads or processes) are inside the meeting `name`
 * at the same time, then lets all go on and returns true. Returns false when nobody else can come
 * any more, because every task of the probe waits; that is found out from outside, or by the
 * explorer, never by a stopwatch. A meeting that is complete or broken stays so: later callers
 * return at once. It proves that tasks run in parallel: a serial program cannot fill it.
 */
bool meet(const char *name, int parties);

/* How many tasks can be inside a section at the same time: enter() and leave() count, the largest
 * number is a fact that the scenario asks for. Works over threads and forked processes, for up to
 * 16 names. Not a synchronisation: no order between tasks follows from it. */
void inside_enter(const char *name);
void inside_leave(const char *name);
long inside_peak(const char *name);

/* Counters in memory that threads and forked processes share; they start at 0. Not instrumented, so
 * they neither cause nor hide a race, but sequentially consistent. `slot` < 4096. */
long shared_add(unsigned slot, long delta); /* the value before */
long shared_get(unsigned slot);

/* Memory that forked processes share for the length of the scenario, zero-filled, given back by
 * itself. For probes that must note per item who handled it. */
void *shared_memory(size_t bytes);

/* From now on read() and write() in the student's code move at most `most` bytes at once, as POSIX
 * allows at any time: code that takes one call for one record is found on every run and not once in
 * a thousand. Writes of up to PIPE_BUF bytes stay whole, because POSIX promises that. 0: no limit.
 * Forked processes inherit it. */
void limit_transfers(size_t most);

/* From now on the student's code can create at most `most` more threads and processes; then
 * pthread_create() and fork() fail with EAGAIN, as on a machine that is full, and thrd_create()
 * with thrd_nomem. -1: as many as it likes. Each process counts for itself. */
void limit_tasks(int most);

/* Identity, as the system says it. */
long my_pid(void);
long my_tid(void);

/* How many descriptors are open now in this process. Descriptors of the kit are not counted. */
long open_descriptors(void);

#endif
