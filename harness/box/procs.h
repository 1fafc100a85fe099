/* SPDX-License-Identifier: MIT */
/*
 * procs - what the processes below one process do, from /proc.
 *
 *     struct procs *p = procs_open(root);
 *     struct procs_sample s;
 *     procs_sample(p, &s);        // every few milliseconds
 *     procs_close(p);
 *
 * A sample is a photograph with a long exposure: processes come and go while it is taken. It serves
 * for limits that have slack and for "nothing moved between two samples", never for killing.
 */
#ifndef BOX_PROCS_H
#define BOX_PROCS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct procs;

struct procs_sample {
    unsigned processes;
    unsigned tasks;    /* threads and processes, zombies too */
    uint64_t cpu_us;   /* used so far, with those that were waited for */
    uint64_t activity; /* changes whenever any task has run; valid when nothing is runnable */
    size_t resident;   /* bytes, shared pages counted once for each process */
    bool runnable;     /* a task runs, or would if it had a processor */
};

/* The `skip` uppermost levels of the tree (the supervisors of the box) count as neither processes
 * nor tasks, and what they used themselves is not the command's. */
struct procs *procs_open(pid_t root, unsigned skip);
void procs_sample(struct procs *p, struct procs_sample *ret);

/* Resident bytes with shared pages divided among those who share them. Slow: milliseconds. */
size_t procs_proportional(struct procs *p);

/* Whether a process of the tree still runs, by the number that it has inside; zombies do not. */
bool procs_is_alive(struct procs *p, pid_t inside);

/* Threads and processes of a user on the whole machine, a second ago at most; 0: not
 * known. */
unsigned procs_of_user(uid_t user);

/* Kills every process of a session, and buries those that are our children. True when there was
 * one. */
bool procs_kill_session(struct procs *p, pid_t session);

void procs_close(struct procs *p);

#endif
