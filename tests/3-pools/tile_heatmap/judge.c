/* SPDX-License-Identifier: MIT */
#include "scene.h"

#include "judge.h"

#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What tile_heatmap.h says, once more: the student's copy of it decides nothing. */
enum { NONE = 255, COLOURS = 5, MOST = 256 };
static const unsigned char palette[COLOURS + 1][3] = {
    {68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}, {255, 255, 255}};

/* A job, and what has to come of it. */
struct job {
    long width, height, tile;
    long workers, every;
    long key, labels;
    long columns, rows, count;
    long fates[MOST];
};

static struct job job_of(long width, long height, long tile)
{
    struct job j = {.width = width,
        .height = height,
        .tile = tile,
        .workers = random_int(2, 4),
        .every = random_int(8, 12),
        .key = random_int(1, 250),
        .labels = random_int(6, 255)};

    j.columns = (width + tile - 1) / tile;
    j.rows = (height + tile - 1) / tile;
    j.count = j.columns * j.rows;
    return j;
}

/* Neither square nor divided evenly, and large enough for several steps. */
static struct job random_job(void)
{
    long tile = random_int(5, 30), columns = random_int(6, 9), rows = columns + random_int(2, 4);

    if (random_int(0, 1)) {
        long swap = columns;

        columns = rows;
        rows = swap;
    }
    return job_of(
        columns * tile - random_int(1, tile - 1), rows * tile - random_int(1, tile - 1), tile);
}

static const char *args_of(const struct job *j)
{
    static char text[512];

    snprintf(text, sizeof text,
        "width=%ld height=%ld tile=%ld workers=%ld every=%ld key=%ld labels=%ld", j->width,
        j->height, j->tile, j->workers, j->every, j->key, j->labels);
    return text;
}

static long side(long at, long tile, long whole)
{
    return at + tile < whole ? tile : whole - at;
}

static long label_of(const struct job *j, long number)
{
    long x = number % j->columns * j->tile, y = number / j->columns * j->tile;
    long width = side(x, j->tile, j->width), height = side(y, j->tile, j->height);
    size_t size = (size_t)(width * height);
    unsigned char *pixels = malloc(size);

    cr_assert(pixels, "no memory");
    scene_fill(j->key, x, y, width, height, pixels);
    long label = scene_label(fingerprint(pixels, size), j->labels);
    free(pixels);
    return label;
}

/* The heat map after the first `looked_at` tiles. */
static void expect_map(const struct outcome *o, const struct job *j, long looked_at)
{
    long labels[MOST], reads[MOST], classified[MOST];

    for (long i = 0; i < j->count; i++) {
        bool seen = i < looked_at;

        labels[i] = seen && j->fates[i] == FATE_LABEL ? label_of(j, i) : NONE;
        reads[i] = seen;
        classified[i] = seen && j->fates[i] != FATE_UNREADABLE;
    }
    expect_int(o, "strays", 0);
    expect_ints(o, "labels", labels, (size_t)j->count);
    expect_ints(o, "reads", reads, (size_t)j->count);
    expect_ints(o, "classified", classified, (size_t)j->count);
    expect_int(o, "nothing_beyond", 1);
    expect_int(o, "all_reaped", 1);
}

static void expect_whole(const struct outcome *o, const struct job *j)
{
    long lost = 0;

    for (long i = 0; i < j->count; i++)
        lost += j->fates[i] != FATE_LABEL;
    expect_int(o, "lost", lost);
    expect_map(o, j, j->count);
}

/* The reports 0, every, 2 every, … up to report number `last`, or to the end. */
static void expect_reports(const struct outcome *o, const struct job *j, long last)
{
    long reports[MOST + 1], totals[MOST + 1];
    size_t n = 0;

    for (long done = 0;; done = done + j->every < j->count ? done + j->every : j->count) {
        reports[n] = done;
        totals[n++] = j->count;
        if (done == j->count || (long)n > last)
            break;
    }
    expect_that(o, fact_int(o, "elsewhere") == 0,
        "progress was called %ld times by a process or thread that is not the caller",
        fact_int(o, "elsewhere"));
    expect_ints(o, "reports", reports, n);
    expect_ints(o, "totals", totals, n);
    expect_that(o, fact_int(o, "untrue") == 0,
        "%ld reports were not true: another number of tiles had been begun or was over",
        fact_int(o, "untrue"));
}

static void expect_cut(long width, long height, long tile)
{
    struct job j = job_of(width, height, tile);
    struct outcomes *all = run("tiles", "%s", args_of(&j));
    long x[MOST], y[MOST], widths[MOST], heights[MOST];

    for (long i = 0; i < j.count; i++) {
        x[i] = i % j.columns * tile;
        y[i] = i / j.columns * tile;
        widths[i] = side(x[i], tile, width);
        heights[i] = side(y[i], tile, height);
    }
    EACH_OUTCOME (o, all) {
        expect_int(o, "columns", j.columns);
        expect_int(o, "rows", j.rows);
        expect_ints(o, "x", x, (size_t)j.count);
        expect_ints(o, "y", y, (size_t)j.count);
        expect_ints(o, "widths", widths, (size_t)j.count);
        expect_ints(o, "heights", heights, (size_t)j.count);
    }
}

LAB_TEST(tile_heatmap, every_pixel_is_in_a_tile)
{
    struct job j = random_job();
    long tile = random_int(2, 150);

    expect_cut(j.width, j.height, j.tile);
    expect_cut(tile * random_int(3, 9), tile * random_int(10, 20), tile);
    expect_cut(1, 1, tile);
    expect_cut(random_int(1, tile - 1), tile * random_int(2, 5) + 1, tile);
    expect_cut(random_int(3, 15), random_int(3, 15), 1);
    tile = random_int(800000000, 900000000); /* what an int can hold ends at the third one */
    expect_cut(tile * 5 + random_int(1, 99), tile * 3, tile);
}

LAB_TEST(tile_heatmap, map_is_exact)
{
    struct job j = random_job();
    struct job even = job_of(40, 60, 10);
    struct job alone = job_of(random_int(1, 90), random_int(1, 90), 90);
    struct job least = job_of(1, 1, 1);
    const struct job *const jobs[] = {&j, &even, &alone, &least};

    least.workers = least.every = 1;
    for (int i = 0; i < 4; i++) {
        struct outcomes *all = run("job", "%s", args_of(jobs[i]));

        EACH_OUTCOME (o, all) {
            expect_whole(o, jobs[i]);
            expect_that(o, fact_int(o, "in_caller") == 0,
                "read_tile and classify were called %ld times in the caller's own process: they "
                "are the workers' to call",
                fact_int(o, "in_caller"));
        }
    }
}

static void expect_crew(struct job *j)
{
    struct outcomes *all = run("job", "%s meets=1", args_of(j));

    EACH_OUTCOME (o, all) {
        expect_whole(o, j);
        expect_that(o, fact_int(o, "missed") == 0,
            "%ld workers and %ld tiles in each step: not all workers could have a tile at the same "
            "time",
            j->workers, j->every);
        expect_that(o, fact_int(o, "forks") == j->workers,
            "%ld processes were forked for a job of %ld tiles with %ld workers, expected one for "
            "each worker",
            fact_int(o, "forks"), j->count, j->workers);
        expect_int(o, "hands", j->workers);
    }
}

LAB_TEST(tile_heatmap, workers_work_together)
{
    struct job j = random_job();

    j.workers = random_int(3, 6);
    j.every = j.workers + random_int(0, 9);
    expect_crew(&j);
    j.every = j.workers;
    expect_crew(&j);
}

/* 12 million pixels; what a process may grow by is a few tiles and what malloc() takes at once. */
LAB_TEST(tile_heatmap, nobody_holds_the_picture)
{
    struct job j = job_of(4000 - random_int(1, 99), 3000 - random_int(1, 99), 250);
    const char *const who[] = {"worker_kib", "caller_kib"};
    long limit = 1024 + 3 * j.tile * j.tile / 1024;

    j.every = random_int(30, 60);
    struct outcomes *all = run("job", "%s measures=1", args_of(&j));
    EACH_OUTCOME (o, all) {
        expect_int(o, "strays", 0);
        expect_int(o, "in_caller", 0);
        for (int i = 0; i < 2; i++)
            expect_that(o, fact_int(o, who[i]) <= limit,
                "%s grew by %ld KiB; a tile has %ld KiB and the whole picture %ld KiB",
                i == 0 ? "a worker" : "the caller", fact_int(o, who[i]), j.tile * j.tile / 1024,
                j.width * j.height / 1024);
        expect_whole(o, &j);
    }
}

LAB_TEST(tile_heatmap, reports_are_true)
{
    struct job j = random_job();

    if (j.count % j.every == 0)
        j.every--; /* the last step is a shorter one */
    struct outcomes *all = run("job", "%s", args_of(&j));
    EACH_OUTCOME (o, all) {
        expect_reports(o, &j, MOST);
        expect_int(o, "lost", 0);
    }

    struct job even = job_of(40, 60, 10); /* here the last step is a whole one */
    even.every = 2L << random_int(0, 2);
    struct outcomes *whole = run("job", "%s", args_of(&even));
    EACH_OUTCOME (o, whole) {
        expect_reports(o, &even, MOST);
        expect_int(o, "lost", 0);
    }

    /* One step; and "never in between", as one says it who does not know how many there are. */
    for (int i = 0; i < 2; i++) {
        j.every = i == 0 ? j.count + random_int(0, 50) : 1L << 60;
        struct outcomes *at_once = run("job", "%s", args_of(&j));
        EACH_OUTCOME (o, at_once) {
            expect_reports(o, &j, MOST);
            expect_int(o, "lost", 0);
        }
    }
}

LAB_TEST(tile_heatmap, stops_when_told)
{
    struct job j = random_job();

    for (long stop_at = 0; stop_at <= 2; stop_at += 1 + random_int(0, 1)) {
        struct outcomes *all = run("job", "%s stop_at=%ld", args_of(&j), stop_at);

        EACH_OUTCOME (o, all) {
            expect_that(o, fact_int(o, "lost") == -1 && fact_int(o, "error") == ECANCELED,
                "progress said false, and heatmap_run returned %ld with errno %ld, expected -1 "
                "with ECANCELED (%d)",
                fact_int(o, "lost"), fact_int(o, "error"), ECANCELED);
            expect_reports(o, &j, stop_at);
            expect_map(o, &j, stop_at * j.every);
        }
    }
    long last = (j.count + j.every - 1) / j.every;
    struct outcomes *all = run("job", "%s stop_at=%ld", args_of(&j), last);
    EACH_OUTCOME (o, all) {
        expect_whole(o, &j);
        expect_reports(o, &j, last);
    }
}

/* Every fate is some tile's, and more workers end than there are. */
static void draw_fates(struct job *j)
{
    long places[MOST], fate = 1;

    random_permutation(places, (size_t)j->count);
    for (long i = 0; i < 12; i++, fate = fate + 1 < FATE_COUNT ? fate + 1 : 1)
        j->fates[places[i]] = fate;
}

LAB_TEST(tile_heatmap, lost_tiles_cost_no_others)
{
    struct job j = random_job();

    draw_fates(&j);
    struct outcomes *all = run(
        "job", "%s fates=%s", args_of(&j), join_ints(j.fates, (size_t)j.count));
    EACH_OUTCOME (o, all) {
        expect_whole(o, &j);
        expect_reports(o, &j, MOST);
        expect_int(o, "in_caller", 0);
    }
    struct outcomes *again = run(
        "job", "%s fates=%s again=1", args_of(&j), join_ints(j.fates, (size_t)j.count));
    EACH_OUTCOME (o, again)
        expect_whole(o, &j);
}

LAB_TEST(tile_heatmap, full_size)
{
    enum { SIDE = 100 };
    static unsigned char labels[SIDE * SIDE], reads[SIDE * SIDE];
    long every = random_int(300, 3000);
    struct outcomes *all = run(
        "full_size", "width=10000 height=10000 tile=100 workers=8 every=%ld", every);

    for (int i = 0; i < SIDE * SIDE; i++) {
        labels[i] = (unsigned char)((i % SIDE + i / SIDE) % 5);
        reads[i] = 1;
    }
    EACH_OUTCOME (o, all) {
        expect_int(o, "lost", 0);
        expect_fingerprint(o, "labels", labels, sizeof labels);
        expect_fingerprint(o, "reads", reads, sizeof reads);
    }
}

/* A small job that makes sense, but for one number. */
static void expect_refusal(const char *what, long *number, long wrong, struct job *j)
{
    long right = *number;

    *number = wrong;
    struct outcomes *all = run("nonsense", "%s", args_of(j));
    EACH_OUTCOME (o, all) {
        expect_that(o, fact_int(o, "lost") == -1 && fact_int(o, "error") == EINVAL,
            "with %s %ld heatmap_run returned %ld with errno %ld, expected -1 with EINVAL (%d)",
            what, wrong, fact_int(o, "lost"), fact_int(o, "error"), EINVAL);
        expect_int(o, "reports", 0);
        expect_int(o, "forks", 0);
        expect_int(o, "untouched", 1);
    }
    *number = right;
}

LAB_TEST(tile_heatmap, nonsense_is_refused)
{
    struct job j = job_of(20, 20, 10);

    expect_refusal("a width of", &j.width, 0, &j);
    expect_refusal("a height of", &j.height, -random_int(1, 99), &j);
    expect_refusal("a tile of", &j.tile, 0, &j);
    expect_refusal("report_every", &j.every, 0, &j);
    expect_refusal("workers", &j.workers, 0, &j);
    expect_refusal("workers", &j.workers, 65, &j);

    j.workers = 3;
    for (long most = 0; most < j.workers; most++) {
        struct outcomes *all = run("no_process", "%s most=%ld", args_of(&j), most);

        EACH_OUTCOME (o, all) {
            expect_that(o, fact_int(o, "lost") == -1 && fact_int(o, "error") == EAGAIN,
                "when worker number %ld could not be started heatmap_run returned %ld with errno "
                "%ld, expected -1 with EAGAIN (%d)",
                most + 1, fact_int(o, "lost"), fact_int(o, "error"), EAGAIN);
            expect_int(o, "begun", 0);
            expect_int(o, "all_reaped", 1);
        }
    }
}

static unsigned char from_hex(const char *hex)
{
    char two[3] = {hex[0], hex[1], '\0'};

    return (unsigned char)strtoul(two, NULL, 16);
}

/* Decodes the file that the probe sent. Returns its pixels as RGB; NULL when it is no PNG. */
static unsigned char *decode(const char *hex, png_image *ret_image)
{
    static unsigned char bytes[1 << 16];
    size_t length = strlen(hex) / 2;

    for (size_t i = 0; i < length && i < sizeof bytes; i++)
        bytes[i] = from_hex(hex + 2 * i);
    *ret_image = (png_image){.version = PNG_IMAGE_VERSION};
    if (!png_image_begin_read_from_memory(ret_image, bytes, length))
        return NULL;
    ret_image->format = PNG_FORMAT_RGB;
    unsigned char *pixels = malloc(PNG_IMAGE_SIZE(*ret_image));
    if (pixels == NULL || !png_image_finish_read(ret_image, NULL, pixels, 0, NULL)) {
        free(pixels);
        return NULL;
    }
    return pixels;
}

/* Every pixel of the picture has the colour of the cell that it is in. */
static void expect_colours(const struct outcome *o, const unsigned char *pixels, size_t width,
    size_t height, const long *cells, size_t columns, size_t scale)
{
    size_t off = 0, first = 0;

    for (size_t i = 0; i < width * height; i++) {
        long label = cells[i / width / scale * columns + i % width / scale];
        const unsigned char *colour = palette[label == NONE ? COLOURS : label % COLOURS];

        if (memcmp(pixels + 3 * i, colour, 3) == 0)
            continue;
        first = off++ == 0 ? i : first;
    }
    expect_that(o, off == 0,
        "%zu pixels of %zu have a wrong colour; the first is in column %zu of row %zu: %d,%d,%d",
        off, width * height, first % width, first / width, pixels[3 * first], pixels[3 * first + 1],
        pixels[3 * first + 2]);
}

static void expect_picture(size_t columns, size_t rows, size_t scale)
{
    static const long special[] = {NONE - 1, NONE, 250};
    long cells[MOST], places[MOST];
    png_image image;

    random_ints(cells, columns * rows, 0, 9);
    random_permutation(places, columns * rows);
    for (size_t i = 0; i < 3 && i < columns * rows; i++)
        cells[places[i]] = special[i];
    struct outcomes *all = run("save", "columns=%zu rows=%zu scale=%zu cells=%s", columns, rows,
        scale, join_ints(cells, columns * rows));
    EACH_OUTCOME (o, all) {
        unsigned char *pixels = decode(fact_str(o, "png"), &image);

        expect_int(o, "returned", 0);
        if (!expect_that(o, pixels != NULL, "libpng cannot read the file: %s",
                image.message[0] ? image.message : "no memory"))
            continue;
        if (expect_that(o, image.width == columns * scale && image.height == rows * scale,
                "the picture has %u x %u pixels, expected %zu x %zu: %zu x %zu cells, scale %zu",
                image.width, image.height, columns * scale, rows * scale, columns, rows, scale))
            expect_colours(o, pixels, image.width, image.height, cells, columns, scale);
        free(pixels);
    }
}

LAB_TEST(tile_heatmap, picture_shows_the_map)
{
    size_t columns = (size_t)random_int(3, 10);

    expect_picture(columns, columns + (size_t)random_int(1, 4), (size_t)random_int(2, 9));
    expect_picture(columns + (size_t)random_int(1, 4), columns, 1);
    expect_picture(1, 1, (size_t)random_int(3, 20));
}

static void expect_no_file(void)
{
    long cells[MOST];
    struct outcomes *nowhere = run("nowhere", "none=1");

    EACH_OUTCOME (o, nowhere)
        expect_that(o, fact_int(o, "returned") == -1 && fact_int(o, "error") == ENOENT,
            "in a directory that does not exist heatmap_save returned %ld with errno %ld, expected "
            "-1 with ENOENT (%d)",
            fact_int(o, "returned"), fact_int(o, "error"), ENOENT);

    random_ints(cells, MOST, 0, 254);
    struct outcomes *no_room = run("no_room", "columns=16 rows=16 scale=3 room=%ld cells=%s",
        random_int(10, 90), join_ints(cells, MOST));
    EACH_OUTCOME (o, no_room) {
        expect_int(o, "returned", -1);
        expect_int(o, "has_error", 1);
        expect_that(o, fact_int(o, "is_there") == 0,
            "the disk was full, and half a picture was left there");
    }
}

LAB_TEST(tile_heatmap, no_half_picture)
{
    expect_no_file();
}

LAB_TEST(tile_heatmap, any_schedule)
{
    struct job j = job_of(5, 3, 3);

    j.workers = j.every = 2;
    j.fates[random_int(0, 1)] = random_int(0, 1) ? FATE_EXITED : FATE_NO_LABEL;
    struct outcomes *all = run(
        "any_order", "%s fates=%s", args_of(&j), join_ints(j.fates, (size_t)j.count));
    EACH_OUTCOME (o, all) {
        expect_whole(o, &j);
        expect_reports(o, &j, MOST);
    }
}

LAB_TEST(tile_heatmap, memory_is_clean)
{
    struct job j = random_job();
    long fate = random_int(FATE_UNREADABLE, FATE_TOO_LARGE);

    j.fates[random_int(0, j.count - 1)] = fate;
    struct outcomes *all = run(
        "any_order", "%s fates=%s", args_of(&j), join_ints(j.fates, (size_t)j.count));
    EACH_OUTCOME (o, all)
        expect_whole(o, &j);
    expect_picture((size_t)random_int(3, 9), (size_t)random_int(3, 9), (size_t)random_int(1, 9));
    expect_no_file();
}
