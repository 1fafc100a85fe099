/* SPDX-License-Identifier: MIT */
/*
 * fingerprint - FNV-1a, 64 bits (Fowler, Noll, Vo): a short stand-in for a large result, the same
 * in probe and judge. Not a cryptographic hash: it tells two honest results apart.
 */
#ifndef BASE_FINGERPRINT_H
#define BASE_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t fnv1a(const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    uint64_t hash = 14695981039346656037u;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ at[i]) * 1099511628211u;
    return hash;
}

#endif
