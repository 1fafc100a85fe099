/* SPDX-License-Identifier: MIT */
/* What a box costs: the same short command without and with the sandbox, in turn; how soon a limit
 * ends what would go on for ever; and how long the gate looks at an object. Prints figures.
 *
 *     box RUNS OBJECT          with LAB_INIT in the environment */
#include "box/box.h"
#include "base/io.h"
#include "box/level.h"
#include "gate/gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double time_of(const struct box_spec *spec)
{
    struct box_result r = BOX_RESULT_EMPTY;
    struct buf err = BUF_EMPTY;
    double start = now_ms();

    if (box_run(spec, &r, &err)) {
        fprintf(stderr, "%s\n", buf_text(&err));
        exit(1);
    }
    box_result_release(&r);
    return now_ms() - start;
}

/* Processor time of this program and of all that it has waited for. */
static double cpu_ms(void)
{
    double sum = 0;

    for (int who = RUSAGE_CHILDREN; who <= RUSAGE_SELF; who++) {
        struct rusage u;

        getrusage(who, &u);
        sum += (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
               (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
    }
    return sum;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare);
    return values[count / 2];
}

static void measure_runs(enum box_level level, size_t runs)
{
    const char *const argv[] = {"/bin/true", NULL};
    struct box_spec bare = {.argv = argv, .limits = box_limits_default(), .level = BOX_LIMITS};
    struct box_spec boxed = bare;
    double *without = xcalloc(runs, sizeof *without), *with = xcalloc(runs, sizeof *with);

    double cpu_without = 0, cpu_with = 0;

    boxed.level = level;
    for (size_t i = 0; i < runs; i++) {
        double start = cpu_ms();

        without[i] = time_of(&bare);
        cpu_without += cpu_ms() - start;
        start = cpu_ms();
        with[i] = time_of(&boxed);
        cpu_with += cpu_ms() - start;
    }
    double a = median(without, runs), b = median(with, runs);
    printf("a run: %.1f ms without, %.1f ms at level %s: %.1f ms more (at most 10)\n", a, b,
        box_level_name(level), b - a);
    printf("       %.1f ms of processor time without, %.1f with\n", cpu_without / (double)runs,
        cpu_with / (double)runs);
    free(without), free(with);
}

static void measure_ends(enum box_level level)
{
    static const struct {
        const char *what, *script;
        unsigned limit_ms;
    } hogs[] = {
        {"spins", "while :; do :; done", 500},
        {"sleeps", "sleep 1000", 500},
        {"prints", "yes", 500},
        {"multiplies", "f() { f | f & }; f", 500},
    };

    for (size_t i = 0; i < sizeof hogs / sizeof *hogs; i++) {
        const char *const argv[] = {"/bin/sh", "-c", hogs[i].script, NULL};
        const char *const environment[] = {"PATH=/usr/bin:/bin", NULL};
        struct box_spec spec = {
            .argv = argv, .envp = environment, .limits = box_limits_default(), .level = level};

        spec.limits.wall_ms = spec.limits.cpu_ms = hogs[i].limit_ms;
        printf("what %s: over after %.0f ms, its limit is %u (at most 1000 more)\n", hogs[i].what,
            time_of(&spec), hogs[i].limit_ms);
    }
}

static void measure_gate(const char *object, size_t runs)
{
    const struct gate_policy policy = {.tool = "plain", .file = "counter_mutex.c"};
    double *times = xcalloc(runs, sizeof *times);

    for (size_t i = 0; i < runs; i++) {
        struct gate_report report = GATE_REPORT_EMPTY;
        double start = now_ms();

        gate_check_object(&policy, object, &report, NULL);
        times[i] = now_ms() - start;
        gate_report_release(&report);
    }
    printf("the gate: %.2f ms for an object (at most 15)\n", median(times, runs));
    free(times);
}

int main(int argc, char **argv)
{
    struct box_level_report report = BOX_LEVEL_REPORT_EMPTY;
    struct buf err = BUF_EMPTY;
    double start = now_ms();

    if (argc < 3 || box_probe_level(&report, &err)) {
        fprintf(stderr, "%s\n", buf_text(&err));
        return 1;
    }
    printf("the self-test of the level: %.0f ms (at most 200)\n", now_ms() - start);
    measure_runs(report.level, strtoul(argv[1], NULL, 10));
    measure_ends(report.level);
    measure_gate(argv[2], 100);
    box_level_report_release(&report);
    return 0;
}
