/* SPDX-License-Identifier: MIT */
#include "box/output.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { FLOOD = 4 };

int output_open(struct output *o, size_t keep, int *ret_write_fd, struct buf *err)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC))
        return fail_errno(err, "Cannot make a pipe for the output");
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *o = (struct output){.fd = ends[0], .keep = keep};
    *ret_write_fd = ends[1];
    return 0;
}

static void keep_some(struct output *o, const char *bytes, size_t length)
{
    size_t room = o->keep > o->text.length ? o->keep - o->text.length : 0;

    buf_append(&o->text, bytes, length < room ? length : room);
    o->total += length;
}

void output_read(struct output *o)
{
    static char chunk[65536]; /* not on the stack: lab's memory stays small, and one thread reads */

    while (o->fd >= 0 && !output_is_flood(o)) {
        ssize_t n = read(o->fd, chunk, sizeof(chunk));

        if (n > 0) {
            keep_some(o, chunk, (size_t)n);
            continue;
        }
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0 || errno != EAGAIN) {
            close(o->fd);
            o->fd = -1;
        }
        return;
    }
}

bool output_is_flood(const struct output *o)
{
    return o->total > FLOOD * o->keep && o->keep;
}

void output_release(struct output *o)
{
    if (o->fd >= 0)
        close(o->fd);
    buf_release(&o->text);
    *o = OUTPUT_EMPTY;
}
