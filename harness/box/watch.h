/* SPDX-License-Identifier: MIT */
/*
 * watch - the clocks and limits of a running box.
 *
 * A sample of the process table every few milliseconds moves three clocks: CPU time used, time in
 * which no task was runnable ("asleep"), and time since anything moved at all ("quiet"). The first
 * limit that is hit is the box's end; the box is then ended by box_finish().
 */
#ifndef BOX_WATCH_H
#define BOX_WATCH_H

#include "box/launch.h"

struct watch;

/* `launch` must outlive the watch. */
struct watch *watch_open(const struct box_spec *spec, const struct launch *launch);

/* When the next sample is due, on the clock of io_now_ms(). */
long long watch_next_ms(const struct watch *w);

/* Takes a sample if one is due. */
void watch_look(struct watch *w);

/* The box shall end for this reason, unless there is one already. */
void watch_end(struct watch *w, enum box_end end);
bool watch_has_end(const struct watch *w);

void watch_rearm(struct watch *w);

/* CPU time up to the last sample. */
unsigned watch_cpu_ms(const struct watch *w);

/* Puts the reason, if there is one, and what was measured into `r`. */
void watch_describe(struct watch *w, struct box_result *r);

/* See box/alive.h. */
bool watch_is_alive(struct watch *w, pid_t inside);

/* For a box whose lab-init was killed from inside (possible at BOX_LIMITS only): ends what is left
 * of its session. */
void watch_end_orphans(struct watch *w, pid_t session);

void watch_close(struct watch *w);

#endif
