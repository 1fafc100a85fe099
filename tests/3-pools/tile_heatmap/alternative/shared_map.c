/* SPDX-License-Identifier: MIT */
/* The map is in memory that caller and workers share: a worker writes its label there itself, and
 * what comes back through the pool is only whether it could. */
#include "tile_heatmap.h"

#include "pool_map.h"

#include <errno.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

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

static unsigned char *map; /* shared; set before the workers are forked */

static int label_tile(const void *item, void *result, void *context)
{
    const struct heatmap_job *job = context;
    size_t index = *(const size_t *)item;
    struct heatmap_tile tile = heatmap_tile(job, index);
    unsigned char *pixels = malloc((size_t)(tile.width * tile.height));
    int label = HEATMAP_NONE;

    (void)result;
    if (pixels != NULL && job->read_tile(job->context, &tile, pixels) == 0)
        label = job->classify(job->context, &tile, pixels);
    free(pixels);
    if (label < 0 || label >= HEATMAP_NONE)
        return 1;
    map[index] = (unsigned char)label;
    return 0;
}

static bool goes_on(const struct heatmap_job *job, size_t done, size_t total)
{
    return job->progress(job->context, done, total) || done == total;
}

static long run_all(const struct heatmap_job *job, struct pool *pool, size_t *items, size_t total)
{
    unsigned char *answers = malloc(total);
    long lost = answers == NULL ? -1 : 0;
    size_t done = 0;

    while (lost >= 0 && goes_on(job, done, total) && done < total) {
        size_t count = total - done < job->report_every ? total - done : job->report_every;
        long failed = pool_map(pool, items + done, count, sizeof *items, answers, 1, 0, NULL);

        lost = failed < 0 ? -1 : lost + failed;
        done += count;
    }
    free(answers);
    if (lost >= 0 && done < total) {
        errno = ECANCELED;
        return -1;
    }
    return lost;
}

long heatmap_run(const struct heatmap_job *job, unsigned char *labels)
{
    long result = -1;
    int error;

    if (job->width < 1 || job->height < 1 || job->tile < 1 || job->report_every < 1) {
        errno = EINVAL;
        return -1;
    }
    size_t total = heatmap_columns(job) * heatmap_rows(job);
    size_t *items = malloc(total * sizeof *items);
    map = mmap(NULL, total, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (items == NULL || map == MAP_FAILED) {
        free(items);
        return -1;
    }
    memset(map, HEATMAP_NONE, total);
    for (size_t i = 0; i < total; i++)
        items[i] = i;
    struct pool *pool = pool_open(job->workers, label_tile, (void *)job);
    if (pool != NULL)
        result = run_all(job, pool, items, total);
    error = errno;
    if (pool != NULL)
        pool_join(pool);
    if (pool != NULL)
        memcpy(labels, map, total);
    munmap(map, total);
    free(items);
    errno = error;
    return result;
}

/* One byte for each pixel: the number of its colour. */
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
    /* It removes the file again when it cannot write all of it, but it need not leave an errno. */
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
