/* SPDX-License-Identifier: MIT */
/* The demonstration: a picture that shows something, and tiles that are not equally much work. */
#include "tile_heatmap.h"

#include "memory.h"
#include "probe.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    DEMO_SIDE = 10000,
    DEMO_TILE = 100,
    DEMO_CELLS = 100 * 100,
    DEMO_WORKERS = 8,
    DEMO_DOT = 10
};

/* What was seen of one tile, in memory that all processes share. */
struct cell {
    long pid;
    long memory_kib; /* by how much the worker had grown */
};

struct demo {
    struct cell *cells;
    long base_kib;
};

/* How long a point stays near 0 under z*z + c: the longer, the brighter. */
static unsigned char mandelbrot(long x, long y)
{
    double real = 3.0 * (double)x / DEMO_SIDE - 2.25, imaginary = 3.0 * (double)y / DEMO_SIDE - 1.5;
    double a = 0, b = 0;
    int steps = 0;

    for (; steps < 51 && a * a + b * b < 4; steps++) {
        double next = a * a - b * b + real;

        b = 2 * a * b + imaginary;
        a = next;
    }
    return (unsigned char)(255 * steps / (steps + 6));
}

/* The picture's dots are squares of DEMO_DOT pixels. */
static int demo_read(void *context, const struct heatmap_tile *tile, unsigned char *pixels)
{
    (void)context;
    for (long y = 0; y < tile->height; y++)
        for (long x = 0; x < tile->width; x++) {
            unsigned char *at = pixels + y * tile->width + x;

            if (y % DEMO_DOT != 0)
                *at = at[-tile->width];
            else
                *at = x % DEMO_DOT != 0 ? at[-1] : mandelbrot(tile->x + x, tile->y + y);
        }
    return 0;
}

static int demo_brightness(
    void *context, const struct heatmap_tile *tile, const unsigned char *pixels)
{
    struct demo *demo = context;
    struct cell *cell = &demo->cells[tile->y / DEMO_TILE * DEMO_TILE + tile->x / DEMO_TILE];
    long sum = 0, size = tile->width * tile->height;

    for (long i = 0; i < size; i++)
        sum += pixels[i];
    cell->pid = my_pid();
    cell->memory_kib = memory_kib() - demo->base_kib;
    return (int)(sum * HEATMAP_COLOURS / (256 * size));
}

static bool demo_progress(void *context, size_t done, size_t total)
{
    (void)context;
    printf("  report  %6zu of %zu tiles  [%-40.*s]\n", done, total, (int)(done * 40 / total),
        "########################################");
    return true;
}

static bool say_nothing(void *context, size_t done, size_t total)
{
    (void)context;
    (void)done;
    (void)total;
    return true;
}

/* One line for each worker: its share, and the most that it had beyond what it was born with. */
static void demo_workers(const struct cell *cells)
{
    long pids[DEMO_WORKERS] = {0}, tiles[DEMO_WORKERS] = {0}, most[DEMO_WORKERS] = {0};

    for (int i = 0; i < DEMO_CELLS; i++) {
        int w = 0;

        while (w < DEMO_WORKERS - 1 && pids[w] != 0 && pids[w] != cells[i].pid)
            w++;
        pids[w] = cells[i].pid;
        tiles[w]++;
        most[w] = cells[i].memory_kib > most[w] ? cells[i].memory_kib : most[w];
    }
    printf("\n  worker  %8s  %6s  %s\n", "pid", "tiles", "memory grown by, at most");
    for (int w = 0; w < DEMO_WORKERS && pids[w] != 0; w++)
        printf("  %6d  %8ld  %6ld  %6ld KiB\n", w + 1, pids[w], tiles[w], most[w]);
}

static void demo_save(const char *name, const unsigned char *labels)
{
    char path[512];

    snprintf(path, sizeof path, "%s/%s", arg_str("out"), name);
    if (heatmap_save(path, labels, DEMO_TILE, DEMO_TILE, 8) == 0)
        printf("  %s\n", path);
    else
        printf("  %s could not be written: %s\n", path, strerror(errno));
}

SCENARIO(demo)
{
    static unsigned char labels[DEMO_CELLS];
    struct demo demo = {shared_memory(DEMO_CELLS * sizeof(struct cell)), 0};
    struct heatmap_job job = {
        .width = DEMO_SIDE,
        .height = DEMO_SIDE,
        .tile = DEMO_TILE,
        .read_tile = demo_read,
        .classify = demo_brightness,
        .progress = demo_progress,
        .context = &demo,
        .workers = DEMO_WORKERS,
        .report_every = 1000,
    };

    printf("A picture of %d x %d pixels, %d workers, tiles of %d x %d pixels.\n"
           "The label of a tile is its brightness.\n\n",
        DEMO_SIDE, DEMO_SIDE, DEMO_WORKERS, DEMO_TILE, DEMO_TILE);
    demo.base_kib = memory_kib();
    fact_int("lost", heatmap_run(&job, labels));
    demo_workers(demo.cells);
    printf("\nThe whole picture would be %d KiB, and a tile is %d KiB. The heat map:\n\n",
        DEMO_SIDE / 1024 * DEMO_SIDE + DEMO_SIDE % 1024 * DEMO_SIDE / 1024,
        DEMO_TILE * DEMO_TILE / 1024 + 1);
    demo_save("tile_heatmap.png", labels);

    job.classify = heatmap_stripes;
    job.progress = say_nothing;
    fact_int("lost", heatmap_run(&job, labels));
    demo_save("tile_heatmap_stripes.png", labels);
}
