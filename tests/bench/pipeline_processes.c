/* SPDX-License-Identifier: MIT */
/* Items per second of the reference pipeline_processes: small items through three stages that do
 * next to nothing, as tests/bench/pipeline_processes.py does it. Best of several rounds. */
#include "pipeline_processes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 3 };

static ssize_t add_one(void *context, const void *item, size_t size, void *result)
{
    long value;

    (void)context;
    memcpy(&value, item, size);
    value++;
    memcpy(result, &value, size);
    return (ssize_t)size;
}

static void nothing(void *context)
{
    (void)context;
}

static void add_up(void *context, const void *result, size_t size)
{
    long value;

    memcpy(&value, result, size);
    *(long *)context += value;
}

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double items_per_second(const struct pipeline_record *items, size_t count, long expected)
{
    struct pipeline_stage stage = {.work = add_one, .done = nothing};
    const struct pipeline_stage stages[PIPELINE_STAGES] = {stage, stage, stage};
    long sum = 0;
    struct pipeline_sink sink = {add_up, &sum};
    struct pipeline_end end;
    double begin = now_s();

    if (pipeline_run(stages, items, count, &sink, &end) != 0 || end.failed_stage >= 0)
        exit(1);
    if (sum != expected)
        exit(1);
    return (double)count / (now_s() - begin);
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 300000;
    long *values = calloc(count, sizeof *values);
    struct pipeline_record *items = calloc(count, sizeof *items);
    long expected = 0;
    double best = 0;

    if (values == NULL || items == NULL)
        return 1;
    for (size_t i = 0; i < count; i++) {
        values[i] = (long)i;
        items[i] = (struct pipeline_record){&values[i], sizeof values[i]};
        expected += values[i] + PIPELINE_STAGES;
    }
    for (int round = 0; round < ROUNDS; round++) {
        double rate = items_per_second(items, count, expected);

        best = rate > best ? rate : best;
    }
    printf("%.0f\n", best);
    free(items);
    free(values);
    return 0;
}
