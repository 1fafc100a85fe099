/* SPDX-License-Identifier: MIT */
/*
 * cache - products by content: a directory of files named by a hash of what they were made from.
 *
 *     struct cache_key k = CACHE_KEY_EMPTY;
 *     cache_key_text(&k, "flags", flags);
 *     cache_key_file(&k, path, &err);
 *     char *path = cache_path(directory, &k, ".o");      // the caller frees
 *
 * The hash is SHA-256 (libmd): a class is graded from one cache, and no student may find a file
 * that collides with another's.
 */
#ifndef LAB_CACHE_H
#define LAB_CACHE_H

#include "base/buf.h"

#include <stdint.h>

struct cache_key {
    struct buf text;
};

#define CACHE_KEY_EMPTY ((struct cache_key){BUF_EMPTY})

/* Adds a labelled text; the lengths are part of the key, so no two lists look the same. */
void cache_key_text(struct cache_key *k, const char *label, const char *text);
void cache_key_number(struct cache_key *k, const char *label, uint64_t number);
void cache_key_list(struct cache_key *k, const char *label, const char *const *texts);

/* Adds a file's name and contents. */
int cache_key_file(struct cache_key *k, const char *path, struct buf *err);

/* Adds size and time of a file that is too large to read each time (a program of ours). */
void cache_key_stat(struct cache_key *k, const char *path);

/* Adds every file directly in a directory whose name ends in `suffix`, in order of name. */
int cache_key_directory(
    struct cache_key *k, const char *directory, const char *suffix, struct buf *err);

/* A file of the kit's own with the headers that it may include by name: those beside it and those
 * one directory above. */
int cache_key_source(struct cache_key *k, const char *path, struct buf *err);

/* "<directory>/ab/cdef….suffix". Releases the key. */
char *cache_path(const char *directory, struct cache_key *k, const char *suffix);

/* 64 bits of the hash. Releases the key. */
uint64_t cache_number(struct cache_key *k);

/* Makes the directory that the path is in and moves the file there. */
int cache_put(const char *product, const char *path, struct buf *err);

#endif
