/* SPDX-License-Identifier: MIT */
/* Socket pairs instead of pipes: the same calls, only that they would work in both directions. */
#include "pipeline_processes.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum kind { ITEM, DONE };

struct header {
    uint32_t kind;
    uint32_t size;
};

static unsigned char input[PIPELINE_RECORD_MAX];
static unsigned char output[PIPELINE_RECORD_MAX];

static bool read_all(int fd, void *bytes, size_t size)
{
    size_t have = 0;

    while (have < size) {
        ssize_t n = read(fd, (char *)bytes + have, size - have);

        if (n <= 0)
            return false;
        have += (size_t)n;
    }
    return true;
}

static bool write_all(int fd, const void *bytes, size_t size)
{
    size_t gone = 0;

    while (gone < size) {
        ssize_t n = write(fd, (const char *)bytes + gone, size - gone);

        if (n < 0)
            return false;
        gone += (size_t)n;
    }
    return true;
}

static bool read_record(int fd, struct header *h)
{
    return read_all(fd, h, sizeof *h) && read_all(fd, input, h->size);
}

static bool write_record(int fd, enum kind kind, const void *bytes, size_t size)
{
    struct header h = {kind, (uint32_t)size};

    return write_all(fd, &h, sizeof h) && write_all(fd, bytes, size);
}

static int run_stage(const struct pipeline_stage *stage, int in, int out,
    const struct pipeline_record *items, size_t count)
{
    for (size_t i = 0;; i++) {
        struct header h = {DONE, 0};
        const void *item = input;

        if (in >= 0) {
            if (!read_record(in, &h))
                return 0;
        } else if (i < count) {
            h = (struct header){ITEM, (uint32_t)items[i].size};
            item = items[i].data;
        }
        if (h.kind == DONE)
            break;
        ssize_t size = stage->work(stage->context, item, h.size, output);
        if (size < 0)
            return (int)-size;
        if (!write_record(out, ITEM, output, (size_t)size))
            return 0;
    }
    stage->done(stage->context);
    write_record(out, DONE, NULL, 0);
    return 0;
}

int pipeline_run(const struct pipeline_stage stages[PIPELINE_STAGES],
    const struct pipeline_record *items, size_t count, const struct pipeline_sink *sink,
    struct pipeline_end *ret_end)
{
    pid_t pids[PIPELINE_STAGES];
    int in = -1;
    struct header h;

    struct pipeline_end end = {.failed_stage = -1};
    int started = 0, error = 0;

    for (int i = 0; i < PIPELINE_STAGES && error == 0; i++) {
        int ends[2];

        if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
            error = errno;
            break;
        }
        pids[i] = fork();
        error = pids[i] < 0 ? errno : 0;
        started += error == 0;
        if (pids[i] == 0) {
            close(ends[0]);
            signal(SIGPIPE, SIG_IGN);
            _exit(run_stage(&stages[i], in, ends[1], items, count));
        }
        close(ends[1]);
        if (in >= 0)
            close(in);
        in = ends[0];
    }
    while (error == 0 && read_record(in, &h) && h.kind == ITEM) {
        sink->take(sink->context, input, h.size);
        end.results++;
    }
    if (in >= 0)
        close(in);
    for (int i = 0; i < started; i++) {
        int status;

        waitpid(pids[i], &status, 0);
        if (status != 0) {
            end.failed_stage = i;
            end.error = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
            end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        }
    }
    if (error == 0)
        *ret_end = end;
    return error;
}
