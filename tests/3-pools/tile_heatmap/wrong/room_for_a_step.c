// expect: reports_are_true@plain WRONG
// why: room is made for as many tiles as a step may have, not for as many as there are.
#include "tile_heatmap.h"

#include "pool_map.h"

#include <errno.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

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

static int label_tile(const void *item, void *result, void *context)
{
    const struct heatmap_job *job = context;
    struct heatmap_tile tile = heatmap_tile(job, *(const size_t *)item);
    unsigned char *pixels = malloc((size_t)tile.width * (size_t)tile.height);
    int label = -1;

    if (pixels != NULL && job->read_tile(job->context, &tile, pixels) == 0)
        label = job->classify(job->context, &tile, pixels);
    free(pixels);
    if (label < 0 || label >= HEATMAP_NONE)
        return ERANGE;
    *(unsigned char *)result = (unsigned char)label;
    return 0;
}

static long label_step(
    struct pool *pool, size_t *items, size_t first, size_t count, unsigned char *labels)
{
    for (size_t i = 0; i < count; i++)
        items[i] = first + i;
    return pool_map(pool, items, count, sizeof items[0], labels + first, 1, 0, NULL);
}

static long label_all(const struct heatmap_job *job, struct pool *pool, size_t *items, size_t total,
    unsigned char *labels)
{
    long lost = 0;
    size_t done = 0;
    bool goes_on = job->progress(job->context, 0, total);

    while (goes_on && done < total) {
        size_t left = total - done;
        size_t count = left < job->report_every ? left : job->report_every;
        long failed = label_step(pool, items, done, count, labels);

        if (failed < 0)
            return -1;
        lost += failed;
        done += count;
        goes_on = job->progress(job->context, done, total);
    }
    if (done == total)
        return lost;
    errno = ECANCELED;
    return -1;
}

long heatmap_run(const struct heatmap_job *job, unsigned char *labels)
{
    struct pool *pool = NULL;
    size_t *items = NULL;
    long result = -1;

    if (job->width < 1 || job->height < 1 || job->tile < 1 || job->report_every < 1) {
        errno = EINVAL;
        return -1;
    }
    size_t total = heatmap_columns(job) * heatmap_rows(job);
    size_t most = job->report_every;

    pool = pool_open(job->workers, label_tile, (void *)job);
    items = malloc(most * sizeof *items);
    if (pool != NULL && items != NULL) {
        memset(labels, HEATMAP_NONE, total);
        result = label_all(job, pool, items, total, labels);
    }
    int error = errno;

    free(items);
    if (pool != NULL)
        pool_join(pool);
    errno = error;
    return result;
}

static void paint(
    unsigned char *pixels, const unsigned char *labels, size_t columns, size_t rows, size_t scale)
{
    size_t width = columns * scale;

    for (size_t y = 0; y < rows * scale; y++)
        for (size_t x = 0; x < width; x++) {
            int label = labels[y / scale * columns + x / scale];

            pixels[y * width + x] =
                (unsigned char)(label == HEATMAP_NONE ? HEATMAP_COLOURS : label % HEATMAP_COLOURS);
        }
}

int heatmap_save(
    const char *path, const unsigned char *labels, size_t columns, size_t rows, int scale)
{
    size_t width = columns * (size_t)scale, height = rows * (size_t)scale;
    unsigned char *pixels = malloc(width * height);
    png_image image = {
        .version = PNG_IMAGE_VERSION,
        .width = (png_uint_32)width,
        .height = (png_uint_32)height,
        .format = PNG_FORMAT_RGB_COLORMAP,
        .colormap_entries = HEATMAP_COLOURS + 1,
    };

    if (pixels == NULL)
        return -1;
    paint(pixels, labels, columns, rows, (size_t)scale);
    errno = 0;
    int written = png_image_write_to_file(
        &image, path, 0, pixels, (png_int_32)width, heatmap_palette);
    int error = errno != 0 ? errno : EIO;

    free(pixels);
    if (written)
        return 0;
    errno = error;
    return -1;
}
