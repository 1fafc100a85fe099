/* SPDX-License-Identifier: MIT */
#include "pipeline_processes.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * On the pipe, a record is a header and the bytes that it announces. DONE is a kind and not a size
 * of 0, because an empty item is an item; and it is a record and not the end of the file, because
 * the file ends also when the writer was killed in the middle.
 */
enum kind { ITEM, DONE };

struct header {
    uint32_t kind;
    uint32_t size; /* bytes that follow */
};

/* A pipe holds 64 KiB; asking for more at once gains nothing. */
enum { CHUNK = 1 << 16, ROOM = sizeof(struct header) + PIPELINE_RECORD_MAX };

/*
 * Reads records. One read() fetches as many of them as have arrived, and often a piece of the next
 * one: small records cost a fraction of a system call each.
 */
struct reader {
    int fd;
    unsigned char *bytes; /* ROOM + CHUNK */
    size_t begin;         /* bytes[begin … end-1] were read and not handed out yet */
    size_t end;
};

/* Makes the next `wanted` bytes lie at bytes[begin]. False: the input ended before. */
static bool reader_fill(struct reader *r, size_t wanted)
{
    if (r->begin + wanted > ROOM) {
        memmove(r->bytes, r->bytes + r->begin, r->end - r->begin);
        r->end -= r->begin;
        r->begin = 0;
    }
    while (r->end - r->begin < wanted) {
        ssize_t n = read(r->fd, r->bytes + r->end, CHUNK);

        /* 0 is the end: all who could write have closed their end, or have died. */
        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        if (n > 0)
            r->end += (size_t)n;
    }
    return true;
}

/* The next record; its bytes are valid until the next call. False: the input ended without DONE. */
static bool reader_next(struct reader *r, struct header *ret_header, const void **ret_bytes)
{
    struct header h;

    if (r->begin == r->end)
        r->begin = r->end = 0;
    if (!reader_fill(r, sizeof h))
        return false;
    memcpy(&h, r->bytes + r->begin, sizeof h); /* it may lie at any address */
    if (!reader_fill(r, sizeof h + h.size))
        return false;
    *ret_bytes = r->bytes + r->begin + sizeof h;
    *ret_header = h;
    r->begin += sizeof h + h.size;
    return true;
}

static bool write_all(int fd, const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, bytes, size);

        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        }
    }
    return true;
}

/* Header and bytes leave in one write(): half the system calls, and what fits into PIPE_BUF arrives
 * in one piece. Every record is written at once and none is kept for company, because the next
 * stage could be waiting for it during all of this stage's next work(). */
static bool write_record(int fd, unsigned char *record, enum kind kind, size_t size)
{
    struct header h = {.kind = kind, .size = (uint32_t)size};

    memcpy(record, &h, sizeof h);
    return write_all(fd, record, sizeof h + size);
}

/* Where a stage gets its items from: the first from the caller's array, of which its process has a
 * copy since the fork; the others from a pipe. */
struct source {
    struct reader reader; /* fd -1: the array */
    const struct pipeline_record *items;
    size_t left;
};

static bool source_next(struct source *s, struct header *ret_header, const void **ret_bytes)
{
    if (s->reader.fd >= 0)
        return reader_next(&s->reader, ret_header, ret_bytes);
    *ret_header = (struct header){.kind = DONE};
    if (s->left > 0) {
        s->left--;
        *ret_header = (struct header){.kind = ITEM, .size = (uint32_t)s->items->size};
        *ret_bytes = s->items->data;
        s->items++;
    }
    return true;
}

/*
 * The life of a stage; returns the exit status of its process. That is how a failure is told: the
 * status gets to the caller even when every pipe is broken. A stage whose neighbour has gone, be it
 * that the input ends without DONE or that nobody reads the output, has not failed: status 0.
 */
static int stage_main(
    const struct pipeline_stage *stage, struct source *source, int out_fd, unsigned char *record)
{
    for (;;) {
        struct header h;
        const void *bytes = NULL;

        if (!source_next(source, &h, &bytes))
            return 0;
        if (h.kind == DONE) {
            stage->done(stage->context);
            write_record(out_fd, record, DONE, 0);
            return 0;
        }
        ssize_t size = stage->work(stage->context, bytes, h.size, record + sizeof h);
        if (size < 0)
            return (int)-size;
        if (!write_record(out_fd, record, ITEM, (size_t)size))
            return 0;
    }
}

/* _exit and not exit: the copies of the caller's stdio buffers and exit handlers are not ours. */
static _Noreturn void child(const struct pipeline_stage *stage, int in_fd, int out_fd,
    const struct pipeline_record *items, size_t count)
{
    struct source source = {.reader = {.fd = in_fd}, .items = items, .left = count};
    unsigned char *record = malloc(ROOM);
    int status = PIPELINE_ERROR_MAX + 1; /* no memory */

    /* A write into a pipe that nobody reads shall return, not kill. In this process only. */
    signal(SIGPIPE, SIG_IGN);
    source.reader.bytes = malloc(ROOM + CHUNK);
    if (record != NULL && source.reader.bytes != NULL)
        status = stage_main(stage, &source, out_fd, record);
    free(source.reader.bytes);
    free(record);
    _exit(status);
}

/*
 * Starts one stage, which reads from *fd (-1: from the items), and leaves in *fd the end from which
 * its results can be read. The pipe is made just before the fork, and both processes close at once
 * what the other one uses: so no process ever inherits an end that is not its business.
 */
static int start_stage(const struct pipeline_stage *stage, const struct pipeline_record *items,
    size_t count, int *fd, pid_t *ret_pid)
{
    int ends[2];

    if (pipe(ends) != 0)
        return errno;
    pid_t pid = fork();
    if (pid < 0) {
        int error = errno;

        close(ends[0]);
        close(ends[1]);
        return error;
    }
    if (pid == 0) {
        close(ends[0]);
        child(stage, *fd, ends[1], items, count);
    }
    /* With our copy of the writing end open, the reader would never see the end of the file. */
    close(ends[1]);
    if (*fd >= 0)
        close(*fd);
    *fd = ends[0];
    *ret_pid = pid;
    return 0;
}

/* Takes the results until DONE or the end of the file, and says how many there were. Only after
 * that is it time to wait for the children: before, they may be waiting for us to read. */
static size_t take_all(struct reader *reader, const struct pipeline_sink *sink)
{
    struct header h;
    const void *bytes;
    size_t taken = 0;

    while (reader_next(reader, &h, &bytes) && h.kind == ITEM) {
        sink->take(sink->context, bytes, h.size);
        taken++;
    }
    return taken;
}

/* Reaps the children. Whoever has not ended with 0 is the one that failed by itself. */
static struct pipeline_end reap(const pid_t *pids, int started)
{
    struct pipeline_end end = {.failed_stage = -1};

    for (int i = 0; i < started; i++) {
        int status;

        while (waitpid(pids[i], &status, 0) < 0 && errno == EINTR)
            ;
        if (status == 0)
            continue;
        end.failed_stage = i;
        end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        end.error = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
        if (end.error > PIPELINE_ERROR_MAX)
            end.error = 0;
    }
    return end;
}

int pipeline_run(const struct pipeline_stage stages[PIPELINE_STAGES],
    const struct pipeline_record *items, size_t count, const struct pipeline_sink *sink,
    struct pipeline_end *ret_end)
{
    pid_t pids[PIPELINE_STAGES];
    struct reader reader = {.fd = -1};
    struct pipeline_end end;
    size_t taken = 0;
    int started = 0;
    int error = 0;

    reader.bytes = malloc(ROOM + CHUNK);
    if (reader.bytes == NULL)
        return ENOMEM;
    while (started < PIPELINE_STAGES && error == 0) {
        error = start_stage(&stages[started], items, count, &reader.fd, &pids[started]);
        if (error == 0)
            started++;
    }
    if (error == 0)
        taken = take_all(&reader, sink);
    /* Also when not all could be started: without a reader, those that run come to an end. */
    if (reader.fd >= 0)
        close(reader.fd);
    end = reap(pids, started);
    end.results = taken;
    if (error == 0)
        *ret_end = end;
    free(reader.bytes);
    return error;
}
