/* SPDX-License-Identifier: MIT */
/* The picture that probe and judge both know: what is where. A tile's label is drawn from the
 * fingerprint of its pixels, so that one pixel too many, or in the wrong place, is another label.
 */
#ifndef SCENE_H
#define SCENE_H

#include <stddef.h>
#include <stdint.h>

/* What becomes of a tile. */
enum scene_fate {
    FATE_LABEL,
    FATE_UNREADABLE, /* read_tile says -1 */
    FATE_NO_LABEL,   /* classify says -1… */
    FATE_NONE,       /* …255… */
    FATE_TOO_LARGE,  /* …256 */
    FATE_KILLED,     /* the worker ends */
    FATE_ABORTED,
    FATE_EXITED,
    FATE_COUNT
};

static inline unsigned char scene_pixel(long key, long x, long y)
{
    return (unsigned char)(((x * 7 + y * 13) ^ (x * y)) + key * (x + 3 * y));
}

/* Fills a rectangle, row after row. */
static inline void scene_fill(
    long key, long x, long y, long width, long height, unsigned char *pixels)
{
    for (long row = 0; row < height; row++)
        for (long column = 0; column < width; column++)
            *pixels++ = scene_pixel(key, x + column, y + row);
}

static inline int scene_label(uint64_t print, long labels)
{
    return (int)(print % (uint64_t)labels);
}

#endif
