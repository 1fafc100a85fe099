/* SPDX-License-Identifier: MIT */
/*
 * pipeline_processes - your part. The promises are in pipeline_processes.h; this is the only file
 * to edit. Add whatever structures and functions you like; four things have to come about, and
 * pipeline_run() is where they meet.
 *
 * 1. A record on a pipe, written and read.
 *    Promise: what is written as one record is read as one record, whatever its size.
 *    Question: a pipe carries bytes and knows no records. How does the reader know where one ends?
 *    What does it mean when read() returns 1? And 0?
 *    See: man 2 read; man 2 write; man 7 pipe, "PIPE_BUF" and "I/O on pipes"
 *
 * 2. What a stage's process does.
 *    Promise: work() for every item, done() once for DONE, and the next stage learns of both.
 *    Question: the input ended without DONE. Who is it that failed? And what happens to a process
 *    that writes into a pipe which nobody reads any more?
 *    See: man 7 pipe, SIGPIPE; man 2 _exit
 *
 * 3. Who holds which end of which pipe.
 *    Promise: every process has the ends that it uses and no other.
 *    Question: when exactly does a reader see the end of the file? What does fork() do to the
 *    descriptors that are open at that moment?
 *    See: man 2 pipe; man 2 fork; README.md, "The picture"
 *
 * 4. What the caller does.
 *    Promise: it takes the results as they come, reaps three children, and says how they ended.
 *    Question: what can waitpid() tell you about a process that no message could?
 *    See: man 2 waitpid
 */
#include "pipeline_processes.h"

#include <errno.h>

int pipeline_run(const struct pipeline_stage stages[PIPELINE_STAGES],
    const struct pipeline_record *items, size_t count, const struct pipeline_sink *sink,
    struct pipeline_end *ret_end)
{
    (void)stages, (void)items, (void)count, (void)sink, (void)ret_end;
    LAB_TODO();
}
