// expect: failure_is_reported@plain LEFTOVER
// why: when not all stages can be started, those that were are left alone.
#include "pipeline_processes.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum kind { ITEM, DONE };

struct header {
    uint32_t kind;
    uint32_t size;
};

enum { CHUNK = 1 << 16, ROOM = sizeof(struct header) + PIPELINE_RECORD_MAX };

struct reader {
    int fd;
    unsigned char *bytes;
    size_t begin;
    size_t end;
};

static bool reader_fill(struct reader *r, size_t wanted)
{
    if (r->begin + wanted > ROOM) {
        memmove(r->bytes, r->bytes + r->begin, r->end - r->begin);
        r->end -= r->begin;
        r->begin = 0;
    }
    while (r->end - r->begin < wanted) {
        ssize_t n = read(r->fd, r->bytes + r->end, CHUNK);

        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        if (n > 0)
            r->end += (size_t)n;
    }
    return true;
}

static bool reader_next(struct reader *r, struct header *ret_header, const void **ret_bytes)
{
    struct header h;

    if (r->begin == r->end)
        r->begin = r->end = 0;
    if (!reader_fill(r, sizeof h))
        return false;
    memcpy(&h, r->bytes + r->begin, sizeof h);
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

static bool write_record(int fd, unsigned char *record, enum kind kind, size_t size)
{
    struct header h = {.kind = kind, .size = (uint32_t)size};

    memcpy(record, &h, sizeof h);
    return write_all(fd, record, sizeof h + size);
}

struct source {
    struct reader reader;
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

static _Noreturn void child(const struct pipeline_stage *stage, int in_fd, int out_fd,
    const struct pipeline_record *items, size_t count)
{
    struct source source = {.reader = {.fd = in_fd}, .items = items, .left = count};
    unsigned char *record = malloc(ROOM);
    int status = PIPELINE_ERROR_MAX + 1;

    signal(SIGPIPE, SIG_IGN);
    source.reader.bytes = malloc(ROOM + CHUNK);
    if (record != NULL && source.reader.bytes != NULL)
        status = stage_main(stage, &source, out_fd, record);
    free(source.reader.bytes);
    free(record);
    _exit(status);
}

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
    close(ends[1]);
    if (*fd >= 0)
        close(*fd);
    *fd = ends[0];
    *ret_pid = pid;
    return 0;
}

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
    if (reader.fd >= 0)
        close(reader.fd);
    if (error != 0) {
        free(reader.bytes);
        return error;
    }
    end = reap(pids, started);
    end.results = taken;
    if (error == 0)
        *ret_end = end;
    free(reader.bytes);
    return error;
}
