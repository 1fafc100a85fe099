/* SPDX-License-Identifier: MIT */
#include "explore/arena.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct trace_arena *arena_create(int *ret_fd, struct buf *err)
{
    int fd = memfd_create("explore", MFD_CLOEXEC);
    struct trace_arena *a = MAP_FAILED;

    *ret_fd = fd;
    if (fd >= 0 && !ftruncate(fd, sizeof(*a)))
        a = mmap(NULL, sizeof(*a), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (a == MAP_FAILED) {
        fail_errno(err, "Cannot make the shared memory for exploring");
        return NULL;
    }
    a->magic = TRACE_MAGIC;
    a->size = sizeof(*a);
    a->cpu = -1;
    return a;
}

void arena_destroy(struct trace_arena *a, int fd)
{
    if (a)
        munmap(a, sizeof(*a));
    if (fd >= 0)
        close(fd);
}

static void clamp(uint32_t *n, uint32_t most)
{
    if (*n > most)
        *n = most;
}

static int check_task(int task, uint32_t n)
{
    return task >= 0 && (uint32_t)task < n ? task : -1;
}

static void check_op(struct trace_op *op, uint32_t n_tasks)
{
    if (op->kind >= OP_KINDS)
        op->kind = OP_NONE;
    op->other = (int16_t)check_task(op->other, n_tasks);
    if (op->frame >= TRACE_FRAMES)
        op->frame = 0;
}

static void check_result(struct trace_result *r)
{
    if (r->end >= END_COUNT)
        r->end = END_NONE;
    clamp(&r->n_tasks, TRACE_TASKS);
    clamp(&r->n_events, TRACE_EVENTS);
    clamp(&r->n_frames, TRACE_FRAMES);
    clamp(&r->n_blocks, TRACE_BLOCKS);
    clamp(&r->n_findings, TRACE_FINDINGS);
    clamp(&r->n_found, TRACE_WATCHES);
    clamp(&r->n_choices, TRACE_EVENTS);
    r->text[TRACE_TEXT - 1] = '\0';
}

static void check_events(struct trace_arena *a)
{
    for (uint32_t i = 0; i < a->result.n_events; i++) {
        struct trace_event *e = &a->events[i];

        check_op(&e->op, TRACE_TASKS);
        e->task %= TRACE_TASKS;
        e->ran %= TRACE_TASKS;
    }
}

static void check_tasks(struct trace_arena *a)
{
    uint32_t n = a->result.n_tasks;

    a->result.task = check_task(a->result.task, TRACE_TASKS);
    for (uint32_t i = 0; i < n; i++) {
        struct trace_task *t = &a->tasks[i];

        check_op(&t->pending, n);
        t->parent = (int16_t)check_task(t->parent, n);
        t->process = (int16_t)check_task(t->process, TRACE_TASKS);
        t->holder = check_task(t->holder, n);
        t->name[TRACE_NAME - 1] = '\0';
        if (t->state > TRACE_TASK_JOINED)
            t->state = TRACE_TASK_FREE;
    }
}

static void check_findings(struct trace_arena *a)
{
    for (uint32_t i = 0; i < a->result.n_findings; i++) {
        struct trace_finding *f = &a->findings[i];

        if (f->kind >= FINDING_KINDS)
            f->kind = FINDING_UNCONTROLLED;
        for (int k = 0; k < 2; k++) {
            f->access[k].task = check_task(f->access[k].task, TRACE_TASKS);
            if (f->access[k].frame >= TRACE_FRAMES)
                f->access[k].frame = 0;
            if (f->access[k].event >= a->result.n_events)
                f->access[k].event = UINT32_MAX;
        }
        f->text[TRACE_TEXT - 1] = '\0';
    }
}

#define COPY(member, count) \
    memcpy(to->member, from->member, (size_t)to->result.count * sizeof(to->member[0]))

void arena_copy(struct trace_arena *to, const struct trace_arena *from)
{
    to->result = from->result;
    check_result(&to->result);
    COPY(events, n_events);
    COPY(tasks, n_tasks);
    COPY(findings, n_findings);
    COPY(found, n_found);
    check_events(to);
    check_tasks(to);
    check_findings(to);
}

void arena_copy_details(struct trace_arena *to, const struct trace_arena *from)
{
    COPY(frames, n_frames);
    COPY(blocks, n_blocks);
    for (uint32_t i = 0; i < to->result.n_frames; i++)
        if (to->frames[i].parent >= i) /* a parent is older: no circles */
            to->frames[i].parent = 0;
}
