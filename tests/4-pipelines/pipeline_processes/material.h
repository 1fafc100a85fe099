/* SPDX-License-Identifier: MIT */
/*
 * material - the items of a run and what the stages make of them. The probe's stages work with it;
 * the judge, in another process, works out with it what has to be seen.
 *
 *   A  adds its key to every byte, and appends one byte more (not to an empty item)
 *   B  turns the bytes round and adds its key
 *   C  adds its key and drops the last two bytes, or what there is
 *
 * So sizes change on the way, and an item of one byte comes out empty.
 */
#ifndef MATERIAL_H
#define MATERIAL_H

#include <stddef.h>
#include <stdint.h>

enum { MATERIAL_MAX = 1 << 20 }; /* PIPELINE_RECORD_MAX */

/* Item number `index` of a run: bytes that look random, the same for the same seed. */
static inline void material_item(long seed, size_t index, unsigned char *bytes, size_t size)
{
    uint64_t state = (uint64_t)seed * 0x9e3779b97f4a7c15u + index;

    for (size_t i = 0; i < size; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        bytes[i] = (unsigned char)(state >> 56);
    }
}

/* What stage 0, 1 or 2 makes of an item; returns the new size. */
static inline size_t material_work(
    int stage, long key, const unsigned char *item, size_t size, unsigned char *ret_bytes)
{
    for (size_t i = 0; i < size; i++)
        ret_bytes[i] = (unsigned char)(item[stage == 1 ? size - 1 - i : i] + key);
    if (stage == 0 && size > 0 && size < MATERIAL_MAX)
        ret_bytes[size++] = (unsigned char)key;
    if (stage == 2)
        size -= size < 2 ? size : 2;
    return size;
}

#endif
