/* SPDX-License-Identifier: MIT */
/* What the probe's files know of workers. Functions that two files share are called probe_…, so
 * that none of a student's has the same name. */
#ifndef WORKERS_H
#define WORKERS_H

enum { MOST = 256 };

/* Slots of shared_add(): how often the function was called for each item of the first and of the
 * second map, then the rest. */
enum { SLOT_CALLS = 0, SLOT_SECOND = MOST, SLOT_IN_CALLER = 2 * MOST, SLOT_MISSED, SLOT_BEGUN };

/* What becomes of an item. */
enum fate { FATE_RESULT, FATE_ERROR, FATE_KILLED, FATE_ABORTED, FATE_EXITED, FATE_SEGV };

/* The scenario's process, and who was called with item i (of the second map: MOST + i), in memory
 * that all processes share. */
extern long probe_caller;
extern long *probe_pid_of;

/* Before anything else in a scenario: the workers inherit it. */
void probe_begin(void);

void probe_note_meeting(const char *name, int parties);
void probe_note_call(unsigned slot, long index);

/* Meets its fate, if that is a crash. One in the caller, where a solution without workers would
 * call us, has to be survived. */
void probe_live(long fate);

void probe_say_processes(void);

#endif
