/* SPDX-License-Identifier: MIT */
/*
 * What the reference tile_heatmap costs beyond the work itself, at full size: 10,000 x 10,000
 * pixels, 8 workers, from opening the pool to joining it. The pixels are in memory that all share,
 * as a file in the page cache would be; a tile is copied out of it row by row, and the classifier
 * adds up its pixels `effort` times over.
 *
 *     tile_heatmap EFFORT CORES     prints four times in ms: the job; the same work in this
 * process, which has had all pixels in its page table since it made them; copying all pixels once;
 * the work by CORES processes, started and waited for
 *
 * The last one is what any solution with processes has to pay: each begins with an empty page
 * table, and the cores share one memory.
 */
#include "tile_heatmap.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SIDE = 10000, TILE = 100, WORKERS = 8, ROUNDS = 5, STEP = 1000 };

struct picture {
    const unsigned char *pixels;
    int effort;
};

static int read_tile(void *context, const struct heatmap_tile *tile, unsigned char *pixels)
{
    const struct picture *picture = context;

    for (long row = 0; row < tile->height; row++)
        memcpy(pixels + row * tile->width, picture->pixels + (tile->y + row) * SIDE + tile->x,
            (size_t)tile->width);
    return 0;
}

static int brightness(void *context, const struct heatmap_tile *tile, const unsigned char *pixels)
{
    const struct picture *picture = context;
    long size = tile->width * tile->height;
    unsigned long sum = 0;

    for (int round = 0; round < picture->effort; round++)
        for (long i = 0; i < size; i++)
            sum = sum * 3 + pixels[i];
    return (int)(sum % 255);
}

static bool go_on(void *context, size_t done, size_t total)
{
    (void)context;
    (void)done;
    (void)total;
    return true;
}

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double job_ms(const struct heatmap_job *job, unsigned char *labels)
{
    double start = now_ms();

    if (heatmap_run(job, labels) != 0)
        exit(1);
    return now_ms() - start;
}

/* The bare work on the tiles from `first` to before `end`: no pool, no assembly. */
static void work_on(
    const struct heatmap_job *job, const unsigned char *labels, size_t first, size_t end)
{
    static unsigned char pixels[TILE * TILE];

    for (size_t i = first; i < end; i++) {
        struct heatmap_tile tile = heatmap_tile(job, i);

        read_tile(job->context, &tile, pixels);
        if (brightness(job->context, &tile, pixels) != labels[i])
            exit(1);
    }
}

static double work_ms(const struct heatmap_job *job, const unsigned char *labels)
{
    double start = now_ms();

    work_on(job, labels, 0, heatmap_columns(job) * heatmap_rows(job));
    return now_ms() - start;
}

/* To the n-th of the CPUs that we may use: two that share one by chance would be no measure. */
static void pin(size_t n)
{
    cpu_set_t all, one;

    sched_getaffinity(0, sizeof all, &all);
    CPU_ZERO(&one);
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &all) && n-- == 0)
            CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
}

static double processes_ms(const struct heatmap_job *job, const unsigned char *labels, size_t cores)
{
    size_t total = heatmap_columns(job) * heatmap_rows(job);
    double start = now_ms();
    int status;

    for (size_t i = 0; i < cores; i++)
        if (fork() == 0) {
            pin(i);
            work_on(job, labels, total * i / cores, total * (i + 1) / cores);
            _exit(0);
        }
    for (size_t i = 0; i < cores; i++)
        if (wait(&status) < 0 || status != 0)
            exit(1);
    return now_ms() - start;
}

/* What moving all pixels costs at least: from one tile's room to the next, as memcpy does it best.
 * Nobody reads the copies, and the compiler must not find that out. */
static double copy_ms(const unsigned char *picture)
{
    static unsigned char tile[TILE * TILE];
    double start = now_ms();

    for (size_t at = 0; at < (size_t)SIDE * SIDE; at += sizeof tile) {
        memcpy(tile, picture + at, sizeof tile);
        __asm__ volatile("" ::"r"(tile) : "memory");
    }
    return now_ms() - start;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

int main(int argc, char **argv)
{
    static unsigned char labels[SIDE / TILE * (SIDE / TILE)];
    unsigned char *pixels = mmap(
        NULL, (size_t)SIDE * SIDE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct picture picture = {pixels, argc > 1 ? atoi(argv[1]) : 1};
    struct heatmap_job job = {
        SIDE, SIDE, TILE, read_tile, brightness, go_on, &picture, WORKERS, STEP};
    size_t cores = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    double whole = 1e9, work = 1e9, copy = 1e9, processes = 1e9;

    if (pixels == MAP_FAILED)
        return 1;
    for (size_t i = 0; i < (size_t)SIDE * SIDE; i++)
        pixels[i] = (unsigned char)(i * 2654435761u >> 13);
    for (int round = 0; round < ROUNDS; round++) {
        whole = least(whole, job_ms(&job, labels));
        work = least(work, work_ms(&job, labels));
        copy = least(copy, copy_ms(pixels));
        processes = least(processes, processes_ms(&job, labels, cores));
    }
    printf("%.2f %.2f %.2f %.2f\n", whole, work, copy, processes);
    return 0;
}
