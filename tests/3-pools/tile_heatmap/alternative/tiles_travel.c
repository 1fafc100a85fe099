/* SPDX-License-Identifier: MIT */
/* Whole tiles travel as items and records come back, which the caller puts in place; the PNG is
 * written row by row with libpng's classic interface. */
#include "tile_heatmap.h"

#include "pool_map.h"

#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Rounded up: a tile that is only begun is a tile. */
static size_t tiles_along(long pixels, long tile)
{
    return (size_t)((pixels + tile - 1) / tile);
}

size_t heatmap_columns(const struct heatmap_job *job)
{
    return tiles_along(job->width, job->tile);
}

size_t heatmap_rows(const struct heatmap_job *job)
{
    return tiles_along(job->height, job->tile);
}

static long smaller(long a, long b)
{
    return a < b ? a : b;
}

struct heatmap_tile heatmap_tile(const struct heatmap_job *job, size_t index)
{
    size_t columns = heatmap_columns(job);
    struct heatmap_tile tile = {
        .x = (long)(index % columns) * job->tile,
        .y = (long)(index / columns) * job->tile,
    };

    tile.width = smaller(job->tile, job->width - tile.x);
    tile.height = smaller(job->tile, job->height - tile.y);
    return tile;
}

struct parcel {
    size_t cell;
    struct heatmap_tile tile;
};

struct answer {
    size_t cell;
    int label;
};

static int label_tile(const void *item, void *result, void *context)
{
    const struct heatmap_job *job = context;
    const struct parcel *parcel = item;
    struct answer answer = {parcel->cell, -1};
    unsigned char *pixels = calloc((size_t)parcel->tile.height, (size_t)parcel->tile.width);

    if (pixels != NULL && job->read_tile(job->context, &parcel->tile, pixels) == 0)
        answer.label = job->classify(job->context, &parcel->tile, pixels);
    free(pixels);
    memcpy(result, &answer, sizeof answer);
    return 0;
}

/* Everything of a run that has to be given back. */
struct run {
    struct pool *pool;
    struct parcel *parcels;
    struct answer *answers;
    int *errors;
};

static long put_in_place(const struct run *run, size_t count, unsigned char *labels)
{
    long lost = 0;

    for (size_t i = 0; i < count; i++) {
        int label = run->errors[i] == 0 ? run->answers[i].label : -1;

        if (label < 0 || label >= HEATMAP_NONE)
            lost++;
        else
            labels[run->answers[i].cell] = (unsigned char)label;
    }
    return lost;
}

static bool step(const struct heatmap_job *job, struct run *run, size_t first, size_t count,
    unsigned char *labels, long *lost)
{
    size_t share = count / (size_t)job->workers / 2;

    for (size_t i = 0; i < count; i++)
        run->parcels[i] = (struct parcel){first + i, heatmap_tile(job, first + i)};
    if (pool_map(run->pool, run->parcels, count, sizeof *run->parcels, run->answers,
            sizeof *run->answers, share > 0 ? share : 1, run->errors) < 0)
        return false;
    *lost += put_in_place(run, count, labels);
    return true;
}

static long run_all(
    const struct heatmap_job *job, struct run *run, size_t total, unsigned char *labels)
{
    long lost = 0;

    for (size_t done = 0; done < total;) {
        size_t count = total - done < job->report_every ? total - done : job->report_every;

        if (!job->progress(job->context, done, total)) {
            errno = ECANCELED;
            return -1;
        }
        if (!step(job, run, done, count, labels, &lost))
            return -1;
        done += count;
    }
    job->progress(job->context, total, total);
    return lost;
}

long heatmap_run(const struct heatmap_job *job, unsigned char *labels)
{
    bool sizes = job->width > 0 && job->height > 0 && job->tile > 0;
    long result = -1;

    if (!sizes || job->report_every < 1 || job->workers < 1 || job->workers > POOL_MAX_WORKERS) {
        errno = EINVAL;
        return -1;
    }
    size_t total = heatmap_columns(job) * heatmap_rows(job);
    struct run run = {
        .pool = pool_open(job->workers, label_tile, (void *)job),
        .parcels = calloc(total, sizeof *run.parcels),
        .answers = calloc(total, sizeof *run.answers),
        .errors = calloc(total, sizeof *run.errors),
    };
    for (size_t i = 0; i < total; i++)
        labels[i] = HEATMAP_NONE;
    if (run.pool != NULL && run.parcels != NULL && run.answers != NULL && run.errors != NULL)
        result = run_all(job, &run, total, labels);
    int error = errno;
    if (run.pool != NULL) {
        pool_close(run.pool);
        pool_join(run.pool);
    }
    free(run.parcels);
    free(run.answers);
    free(run.errors);
    errno = error;
    return result;
}

static void write_rows(png_structp png, const unsigned char *labels, size_t columns, size_t rows,
    size_t scale, unsigned char *row)
{
    for (size_t y = 0; y < rows; y++) {
        for (size_t x = 0; x < columns * scale; x++) {
            unsigned char label = labels[y * columns + x / scale];

            memcpy(row + 3 * x,
                heatmap_palette[label == HEATMAP_NONE ? HEATMAP_COLOURS : label % HEATMAP_COLOURS],
                3);
        }
        for (size_t i = 0; i < scale; i++)
            png_write_row(png, row);
    }
}

static bool write_png(FILE *file, const unsigned char *labels, size_t columns, size_t rows,
    size_t scale, unsigned char *row)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    volatile bool written = false;

    if (info != NULL && setjmp(png_jmpbuf(png)) == 0) {
        png_init_io(png, file);
        png_set_IHDR(png, info, (png_uint_32)(columns * scale), (png_uint_32)(rows * scale), 8,
            PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
            PNG_FILTER_TYPE_DEFAULT);
        png_write_info(png, info);
        write_rows(png, labels, columns, rows, scale, row);
        png_write_end(png, info);
        written = true;
    }
    png_destroy_write_struct(&png, &info);
    return written;
}

int heatmap_save(
    const char *path, const unsigned char *labels, size_t columns, size_t rows, int scale)
{
    unsigned char *row = malloc(columns * (size_t)scale * 3);
    FILE *file = row == NULL ? NULL : fopen(path, "wb");
    int error = errno;
    bool written = false;

    if (file != NULL) {
        written = write_png(file, labels, columns, rows, (size_t)scale, row);
        written = fclose(file) == 0 && written;
        error = EIO;
        if (!written)
            unlink(path);
    }
    free(row);
    errno = written ? 0 : error;
    return written ? 0 : -1;
}
