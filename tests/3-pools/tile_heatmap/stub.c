/* SPDX-License-Identifier: MIT */
/*
 * tile_heatmap - your part. The promises are in tile_heatmap.h; this is the only file to edit.
 *
 * Each LAB_TODO() is one part still to be written. Replace it, and the `(void)` line above it, by
 * your code. The parts can be checked one by one, in this order.
 */
#include "tile_heatmap.h"

#include "pool_map.h"

#include <errno.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

/*
 * Promise: every pixel is in a tile, also when the picture is no multiple of the tile.
 * Question: how many tiles of 100 do 250 pixels need? How many do 300?
 */
size_t heatmap_columns(const struct heatmap_job *job)
{
    (void)job;
    LAB_TODO();
}

size_t heatmap_rows(const struct heatmap_job *job)
{
    (void)job;
    LAB_TODO();
}

/*
 * Promise: tile number `index`, cut off where the picture ends.
 * Question: which of the two numbers do you have to divide by, columns or rows? A square picture
 * would not tell you that you took the wrong one.
 */
struct heatmap_tile heatmap_tile(const struct heatmap_job *job, size_t index)
{
    (void)job, (void)index;
    LAB_TODO();
}

/*
 * Promise: all labels in their places, and reports that are true, from one pool of processes.
 * Question: pool_map() returns when all is done, and says nothing before. How can the caller report
 * in between, and still have the same workers all the time? What has to travel to a worker, and
 * what back, so that the picture itself need not? Where does a result go that is not there?
 * See: pool_map.h; README.md, "The picture"
 */
long heatmap_run(const struct heatmap_job *job, unsigned char *labels)
{
    (void)job, (void)labels;
    LAB_TODO();
}

/*
 * Promise: a PNG file of columns * scale times rows * scale pixels, or an error and no file.
 * Question: which cell does the pixel in column 13 and row 29 belong to, if scale is 8?
 * See: man 3 libpng, "THE SIMPLIFIED API": png_image, png_image_write_to_file
 */
int heatmap_save(
    const char *path, const unsigned char *labels, size_t columns, size_t rows, int scale)
{
    (void)path, (void)labels, (void)columns, (void)rows, (void)scale;
    LAB_TODO();
}
