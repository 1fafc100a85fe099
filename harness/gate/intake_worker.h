/* SPDX-License-Identifier: MIT */
/*
 * intake_worker - runs a reader in a child process of small means, and brings its finds home.
 *
 * The child may use little memory and CPU time, may write nothing but one pipe, and open nothing.
 * What comes through the pipe is checked as if the student had sent it: the reading library may
 * have been taken over by what it read.
 */
#ifndef GATE_INTAKE_WORKER_H
#define GATE_INTAKE_WORKER_H

#include "gate/intake_sink.h"

/* Fills the sink from `fd`; runs in the child. */
typedef int intake_reader(struct intake_sink *sink, int fd, const char *name, struct buf *err);

int intake_work(
    intake_reader *reader, struct intake_sink *sink, int fd, const char *name, struct buf *err);

#endif
