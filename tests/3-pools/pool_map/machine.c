/* SPDX-License-Identifier: MIT */
/* What a pool takes from the machine: room in pipes, descriptors, processors. */
#include "pool_map.h"

#include "probe.h"
#include "workers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Large items and results: byte j of result i is byte j of the item, and on from its beginning,
 * plus j. */
struct sizes {
    size_t item;
    size_t result;
    int parties;
    long killed_in; /* -1: in none */
};

static int stretch(const void *item, void *result, void *context)
{
    const struct sizes *sizes = context;
    const unsigned char *from = item;
    unsigned char *to = result;

    probe_note_call(SLOT_CALLS, from[0]);
    if (from[0] < sizes->parties)
        probe_note_meeting("all", sizes->parties);
    if (from[0] == sizes->killed_in)
        probe_live(FATE_KILLED);
    for (size_t j = 0; j < sizes->result; j++)
        to[j] = (unsigned char)(from[j % sizes->item] + j);
    return 0;
}

SCENARIO(large)
{
    size_t count = (size_t)arg_int("count"), chunk = (size_t)arg_int("chunk");
    struct sizes sizes = {(size_t)arg_int("item"), (size_t)arg_int("result"),
        (int)arg_int("meeting"), arg_given("killed_in") ? arg_int("killed_in") : -1};
    unsigned char *items = malloc(count * sizes.item), *results = calloc(count, sizes.result);

    probe_begin();
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sizes.item; k++)
            items[i * sizes.item + k] = (unsigned char)(k == 0 ? i : i * 31 + k * 7);
    struct pool *pool = pool_open((int)arg_int("workers"), stretch, &sizes);
    fact_int(
        "failed", pool_map(pool, items, count, sizes.item, results, sizes.result, chunk, NULL));
    pool_join(pool);
    for (size_t i = 0; i < count; i++)
        fact_int("calls", shared_get(SLOT_CALLS + (unsigned)i));
    fact_fingerprint("results", results, count * sizes.result);
    fact_int("in_caller", shared_get(SLOT_IN_CALLER));
    free(items);
    free(results);
}

static int successor(const void *item, void *result, void *context)
{
    int value;

    (void)context;
    memcpy(&value, item, sizeof value);
    value++;
    memcpy(result, &value, sizeof value);
    return 0;
}

/* More items than 16 bits can count. */
SCENARIO(many)
{
    size_t count = (size_t)arg_int("count");
    int *items = calloc(count, sizeof *items), *results = calloc(count, sizeof *results);

    probe_begin();
    for (size_t i = 0; i < count; i++)
        items[i] = (int)i;
    struct pool *pool = pool_open(2, successor, NULL);
    fact_int("failed", pool_map(pool, items, count, sizeof *items, results, sizeof *results,
                           (size_t)arg_int("chunk"), NULL));
    pool_join(pool);
    fact_fingerprint("results", results, count * sizeof *results);
    free(items);
    free(results);
}

/* How many descriptors each worker has, once all of them are there. */
static int count_descriptors(const void *item, void *result, void *context)
{
    const int *parties = context;
    long index;

    memcpy(&index, item, sizeof index);
    if (index < 0)
        probe_live(FATE_KILLED);
    else
        probe_note_meeting("all", *parties);
    *(long *)result = open_descriptors();
    return 0;
}

SCENARIO(inherited)
{
    int workers = (int)arg_int("workers");
    long crashes = arg_int("crashes"), indices[POOL_MAX_WORKERS], counts[POOL_MAX_WORKERS];
    long most = 0, least = 1000;

    probe_begin();
    struct pool *pool = pool_open(workers, count_descriptors, &workers);
    for (long i = 0; i < crashes; i++)
        indices[i] = -1;
    if (crashes > 0)
        pool_map(pool, indices, (size_t)crashes, sizeof(long), counts, sizeof(long), 1, NULL);
    for (int i = 0; i < workers; i++)
        indices[i] = i;
    fact_int("failed",
        pool_map(pool, indices, (size_t)workers, sizeof(long), counts, sizeof(long), 1, NULL));
    pool_join(pool);
    for (int i = 0; i < workers; i++) {
        most = counts[i] > most ? counts[i] : most;
        least = counts[i] < least ? counts[i] : least;
    }
    fact_int("most", most);
    fact_int("least", least);
    fact_int("missed", shared_get(SLOT_MISSED));
}

/* One process as the kernel sees it: asleep, and how often it gave up the CPU. */
static bool process_sleeps(long pid, long *ret_switches)
{
    char path[64], line[128];
    bool sleeps = false;

    snprintf(path, sizeof path, "/proc/%ld/status", pid);
    FILE *status = fopen(path, "re");
    if (status == NULL)
        return false;
    while (fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, "State:\tS", 8) == 0)
            sleeps = true;
        sscanf(line, "voluntary_ctxt_switches: %ld", ret_switches);
    }
    fclose(status);
    return sleeps;
}

/* Looks again and again until it finds every process asleep, three times in a row and not woken up
 * in between. Processes that look for work all the time never come to that. */
static void await_sleep(const long *pids, int count)
{
    long before[POOL_MAX_WORKERS] = {0}, now[POOL_MAX_WORKERS] = {0};

    for (int quiet = 0; quiet < 3;) {
        bool same = true;

        usleep(2000);
        for (int i = 0; i < count; i++)
            if (!process_sleeps(pids[i], &now[i]) || now[i] != before[i])
                same = false;
        memcpy(before, now, sizeof before);
        quiet = same ? quiet + 1 : 0;
    }
}

static int watch_caller(const void *item, void *result, void *context)
{
    const int *workers = context;
    int index;

    memcpy(&index, item, sizeof index);
    if (*workers > 0) {
        probe_note_call(SLOT_CALLS, index);
        probe_note_meeting("all", *workers);
    }
    if (index == 0)
        await_sleep(&probe_caller, 1);
    *(int *)result = index;
    return 0;
}

/* The caller sleeps while a worker is busy, and the workers sleep while there is nothing to do. */
SCENARIO(idle)
{
    int workers = (int)arg_int("workers"), items[POOL_MAX_WORKERS], results[POOL_MAX_WORKERS];

    probe_begin();
    for (int i = 0; i < workers; i++)
        items[i] = i;
    struct pool *pool = pool_open(workers, watch_caller, &workers);
    fact_int("failed",
        pool_map(pool, items, (size_t)workers, sizeof(int), results, sizeof(int), 1, NULL));
    await_sleep(probe_pid_of, workers);
    pool_join(pool);
    probe_say_processes();
}
