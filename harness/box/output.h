/* SPDX-License-Identifier: MIT */
/*
 * output - one pipe from the box, kept up to a limit and counted beyond it.
 */
#ifndef BOX_OUTPUT_H
#define BOX_OUTPUT_H

#include "base/buf.h"

#include <stdbool.h>

struct output {
    int fd; /* our end, non-blocking; -1: at its end */
    struct buf text;
    size_t keep;  /* bytes that are kept */
    size_t total; /* bytes that came */
};

#define OUTPUT_EMPTY ((struct output){.fd = -1})

/* Makes the pipe; `*ret_write_fd` is close-on-exec and the caller's. */
int output_open(struct output *o, size_t keep, int *ret_write_fd, struct buf *err);

/* Takes what is there, without waiting. */
void output_read(struct output *o);

/* More than four times the limit came: that is no output any more. */
bool output_is_flood(const struct output *o);

void output_release(struct output *o);

#endif
