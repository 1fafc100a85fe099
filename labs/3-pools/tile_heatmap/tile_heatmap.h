/* SPDX-License-Identifier: MIT */
/*
 * tile_heatmap - a picture that is too large for one process, looked at tile by tile by many.
 *
 *     struct heatmap_job job = {
 *         .width = 10000, .height = 10000, .tile = 100, .workers = 8, .report_every = 100,
 *         .read_tile = my_scanner, .classify = heatmap_stripes, .progress = my_bar,
 *     };
 *     unsigned char *labels = malloc(heatmap_columns(&job) * heatmap_rows(&job));
 *
 *     lost = heatmap_run(&job, labels);
 *     heatmap_save("map.png", labels, heatmap_columns(&job), heatmap_rows(&job), 8);
 *
 * The picture is cut into square tiles. A classifier looks at the pixels of one tile and says what
 * it is: a label. The labels of all tiles, laid out as the tiles were, are the heat map: one byte
 * for ten thousand pixels, and a picture that a person can look at.
 *
 * The workers are the processes of `pool_map`, whose reference solution is linked with your file:
 * you call pool_open() and the others, and need not have solved that exercise. The whole picture is
 * never in memory, not in the caller and not in a worker: each worker asks for the pixels of the
 * tile that it has in hand.
 */
#ifndef TILE_HEATMAP_H
#define TILE_HEATMAP_H

#include "interleave.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    HEATMAP_NONE = 255,  /* the cell of a tile that has no label; labels are 0 … 254 */
    HEATMAP_COLOURS = 5, /* label n has colour n % HEATMAP_COLOURS */
};

/* Red, green and blue of each label, from dark to bright in equal steps, for every eye; then those
 * of HEATMAP_NONE. */
static const unsigned char heatmap_palette[HEATMAP_COLOURS + 1][3] = {
    {68, 1, 84}, {59, 82, 139}, {33, 145, 140}, {94, 201, 98}, {253, 231, 37}, {255, 255, 255}};

/* A part of the picture, in pixels; x and y are those of its upper left corner. */
struct heatmap_tile {
    long x;
    long y;
    long width;
    long height;
};

/*
 * One picture and what is to be done with it. The functions are the caller's and get its `context`;
 * the workers have a copy of the caller's memory as it was when heatmap_run() was called.
 */
struct heatmap_job {
    long width; /* of the picture, in pixels */
    long height;
    long tile; /* side of a tile, in pixels */

    /* Puts the pixels of the part `tile` of the picture into `pixels`, row after row without gaps,
     * one byte each. Returns 0, or -1 when it cannot. */
    int (*read_tile)(void *context, const struct heatmap_tile *tile, unsigned char *pixels);

    /* Returns the label of the tile with these pixels; or a negative number when it has none. */
    int (*classify)(void *context, const struct heatmap_tile *tile, const unsigned char *pixels);

    /* Told how far the work is. Returns true when it shall go on. */
    bool (*progress)(void *context, size_t done, size_t total);

    void *context;
    int workers;
    size_t report_every; /* tiles from one report to the next */
};

/* How many tiles there are side by side, and one below the other. Every pixel is in a tile. */
size_t heatmap_columns(const struct heatmap_job *job);
size_t heatmap_rows(const struct heatmap_job *job);

/*
 * Tile number `index`, from 0 to heatmap_columns() * heatmap_rows() - 1: from left to right, and
 * then the next row. Tiles at the right and at the lower edge end where the picture ends, so they
 * may be narrower or lower than the others; they are never empty.
 */
struct heatmap_tile heatmap_tile(const struct heatmap_job *job, size_t index);

/*
 * Labels all tiles with `workers` worker processes, the same ones for the whole job, and puts the
 * label of tile i into labels[i].
 *
 *  - read_tile and classify are called by workers only, once for each tile. A worker reads nothing
 *    but the tile that it has in hand, and has memory for the pixels of one tile and no more.
 *  - While tiles of the current step (see below) are left, no worker is idle. With as many tiles in
 *    a step as there are workers, each of them has one.
 *  - A tile that cannot be read, has no label (the classifier says so, or says more than 254), or
 *    in which the worker crashes, becomes HEATMAP_NONE. That costs the other tiles nothing.
 *  - progress is called in the caller's own process and thread, with what is true at that moment:
 *    `done` tiles have been read and classified (or lost), and no others been begun. First with 0,
 *    then after every `report_every` tiles, and at the end with `done` equal to `total`. Each
 *    number is greater than the one before.
 *  - When progress returns false no further tile is looked at, and it is not called again. The
 *    cells of tiles that were not looked at are HEATMAP_NONE. (From the last report there is
 *    nothing left to stop: its answer does not matter.)
 *
 * Returns how many tiles became HEATMAP_NONE although they were looked at. Returns -1 with errno
 * ECANCELED after progress said false; EINVAL, before anything else is done, when a size, `workers`
 * or `report_every` is less than 1 or there are more than 64 workers; or the errno of the call that
 * failed. In every case no process, no descriptor and no memory is left behind.
 */
long heatmap_run(const struct heatmap_job *job, unsigned char *labels);

/*
 * Writes the heat map as a PNG file: each cell is a square of `scale` times `scale` pixels in its
 * colour from heatmap_palette. Uses libpng (<png.h>), any part of it.
 *
 * Returns 0; or -1 with errno when the file cannot be opened (errno as open() sets it) or not be
 * written completely (errno not 0). Then nothing is left of a file that was begun.
 */
int heatmap_save(
    const char *path, const unsigned char *labels, size_t columns, size_t rows, int scale);

/* A classifier to begin with, which does not even look at the pixels: stripes from one corner to
 * the other. */
static inline int heatmap_stripes(
    void *context, const struct heatmap_tile *tile, const unsigned char *pixels)
{
    (void)context;
    (void)pixels;
    return (int)((tile->x / 100 + tile->y / 100) % 5);
}

#endif
