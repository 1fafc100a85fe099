/* SPDX-License-Identifier: MIT */
/*
 * facts - the transcript: one line a fact, each written into a range of its own that one atomic
 * addition reserves, so threads and forked children never tear each other's lines.
 */
#include "base/fingerprint.h"
#include "probe/probe.h"
#include "probe/seam.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* memcpy would ask AddressSanitizer, for which the transcript is poisoned (native_main.c). */
static void write_down(volatile char *at, const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        at[i] = line[i];
}

static void append(const char *line, size_t length)
{
    uint32_t at;

    if (!board)
        return;
    at = atomic_fetch_add(&board->used, (uint32_t)length);
    if (at <= BOARD_TRANSCRIPT && length <= BOARD_TRANSCRIPT - at)
        write_down(board->transcript + at, line, length);
    else
        atomic_store(&board->used, BOARD_TRANSCRIPT + 1u); /* stays too large: lab sees it */
}

void fact_int(const char *name, long value)
{
    char line[160];
    int n = snprintf(line, sizeof(line), "%.100s %ld\n", name, value);

    append(line, (size_t)n);
}

void fact_bool(const char *name, bool value)
{
    fact_int(name, value);
}

void fact_str(const char *name, const char *value)
{
    static const char hex[] = "0123456789abcdef";
    size_t name_length = strlen(name);
    char *line = malloc(name_length + 3 * strlen(value) + 3);
    char *at = line;

    if (!line)
        abort();
    memcpy(at, name, name_length);
    at += name_length;
    *at++ = ' ';
    for (const unsigned char *c = (const unsigned char *)value; *c; c++) {
        if (*c >= ' ' && *c < 0x7f && *c != '%') {
            *at++ = (char)*c;
        } else {
            *at++ = '%';
            *at++ = hex[*c >> 4];
            *at++ = hex[*c & 15];
        }
    }
    *at++ = '\n';
    append(line, (size_t)(at - line));
    free(line);
}

void fact_ints(const char *name, const long *values, size_t count)
{
    size_t size = strlen(name) + 2 + count * 21 + 1;
    char *line = malloc(size);
    size_t used;

    if (!line)
        abort();
    used = (size_t)snprintf(line, size, "%s ", name);
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(line + used, size - used, i ? " %ld" : "%ld", values[i]);
    line[used++] = '\n';
    append(line, used);
    free(line);
}

uint64_t fingerprint(const void *bytes, size_t length)
{
    return fnv1a(bytes, length);
}

void fact_fingerprint(const char *name, const void *bytes, size_t length)
{
    char text[24];

    snprintf(text, sizeof(text), "%016llx", (unsigned long long)fnv1a(bytes, length));
    fact_str(name, text);
}
