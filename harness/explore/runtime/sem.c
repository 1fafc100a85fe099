/* SPDX-License-Identifier: MIT */
/* sem - semaphores, unnamed and named. */
#include "explore/runtime/spying.h"
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>

static struct object *sem_of(sem_t *s)
{
    return object_at(OBJECT_SEM, s);
}

static int failed(struct trace_event *e, int error)
{
    e->flags |= error == ETIMEDOUT ? EVENT_TIMEOUT | EVENT_FAILED : EVENT_FAILED;
    e->result = error;
    errno = error;
    return -1;
}

static int wait_for(struct object *s, enum trace_kind kind, uint64_t deadline, const void *pc)
{
    struct trace_op op = op_on(kind, pc, s);
    struct trace_event *e;

    me->object = s;
    me->deadline = deadline;
    if (kind == OP_SEM_TRYWAIT)
        spin_prepare(&op);
    e = step(&op);
    me->deadline = NEVER;
    me->timed_out = 0;
    e->before = s->count;
    if (!s->count && kind == OP_SEM_TRYWAIT)
        spin_saw(&op, 0);
    if (!s->count)
        return failed(e, kind == OP_SEM_TRYWAIT ? EAGAIN : ETIMEDOUT);
    e->after = --s->count;
    acquire(s->clock);
    spin_progress();
    SPY(spy_count(SPY_SEM_WAITS));
    return 0;
}

static int initialise(sem_t *s, unsigned value)
{
    struct object *o = object_renew(OBJECT_SEM, s);

    o->count = value;
    return 0;
}

WRAP(int, sem_init, (sem_t * s, int shared, unsigned value))
{
    int error = __real_sem_init(s, shared, value);

    return error || !me ? error : initialise(s, value);
}

WRAP(int, sem_destroy, (sem_t * s))
{
    struct object *o = me ? sem_of(s) : NULL;

    settle();
    if (!o)
        return __real_sem_destroy(s);
    for (uint32_t i = 0; i < world->n_tasks; i++)
        if (world->tasks[i].state == TRACE_TASK_PENDING && world->tasks[i].object == o &&
            world->tasks[i].pending.kind == OP_SEM_WAIT)
            log_misuse(CALLER, "a semaphore is destroyed while a task waits for it");
    o->destroyed = 1;
    return 0;
}

int __wrap_sem_wait(sem_t *s)
{
    return wait_for(sem_of(s), OP_SEM_WAIT, NEVER, CALLER);
}

int __wrap_sem_trywait(sem_t *s)
{
    return wait_for(sem_of(s), OP_SEM_TRYWAIT, NEVER, CALLER);
}

int __wrap_sem_timedwait(sem_t *s, const struct timespec *until)
{
    return wait_for(sem_of(s), OP_SEM_WAIT, deadline_of(until, CLOCK_REALTIME), CALLER);
}

WRAP(int, sem_clockwait, (sem_t * s, clockid_t clock, const struct timespec *until))
{
    return wait_for(sem_of(s), OP_SEM_WAIT, deadline_of(until, clock), CALLER);
}

int __wrap_sem_post(sem_t *s)
{
    struct object *o = sem_of(s);
    struct trace_op op = op_on(OP_SEM_POST, CALLER, o);
    struct trace_event *e = step(&op);

    if (o->destroyed)
        log_misuse(CALLER, "a semaphore is posted after it was destroyed");
    e->before = o->count;
    e->after = ++o->count;
    release(&o->clock);
    spin_changed(&o->place);
    spin_progress();
    SPY(spy_count(SPY_SEM_POSTS));
    return 0;
}

WRAP(int, sem_getvalue, (sem_t * s, int *ret))
{
    struct object *o = sem_of(s);
    struct trace_op op = op_on(OP_SEM_VALUE, CALLER, o);
    struct trace_event *e;

    spin_prepare(&op);
    e = step(&op);
    e->before = e->after = o->count;
    spin_saw(&op, o->count);
    *ret = (int)o->count;
    return 0;
}

/* Named semaphores live in memory that processes share, a table of names in front. They exist for
 * the length of an execution only: nothing is left behind on the machine. */
enum { NAMED = 32, NAME = 64 };

static struct named {
    char name[NAME];
    int linked; /* the name still leads here */
    sem_t semaphore;
} * named;

void sem_use_memory(void *memory, size_t size)
{
    if (size >= NAMED * sizeof(*named))
        named = memory;
}

void sem_share(struct process *first)
{
    uint64_t low = (uint64_t)(uintptr_t)named;

    first->regions[first->n_regions++] = (struct region){
        .low = low, .high = low + SEM_MEMORY, .canonical = low};
}

void sem_reset(void)
{
    for (int i = 0; i < NAMED && named[i].name[0]; i++)
        named[i].name[0] = '\0';
}

static struct named *find(const char *name)
{
    for (int i = 0; i < NAMED && named[i].name[0]; i++)
        if (named[i].linked && !strcmp(named[i].name, name))
            return &named[i];
    return NULL;
}

static sem_t *refuse(int error)
{
    errno = error;
    return SEM_FAILED;
}

static sem_t *make(const char *name, unsigned value)
{
    for (int i = 0; i < NAMED; i++) {
        if (named[i].name[0])
            continue;
        strncpy(named[i].name, name, NAME - 1);
        named[i].linked = 1;
        initialise(&named[i].semaphore, value);
        return &named[i].semaphore;
    }
    return refuse(EMFILE);
}

sem_t *__wrap_sem_open(const char *name, int flags, ...);
sem_t *__wrap_sem_open(const char *name, int flags, ...)
{
    struct named *n = find(name);
    unsigned value;
    va_list ap;

    settle();
    if (n)
        return (flags & O_CREAT) && (flags & O_EXCL) ? refuse(EEXIST) : &n->semaphore;
    if (!(flags & O_CREAT))
        return refuse(ENOENT);
    if (name[0] != '/' || strlen(name) >= NAME)
        return refuse(EINVAL);
    va_start(ap, flags);
    (void)va_arg(ap, mode_t);
    value = va_arg(ap, unsigned);
    va_end(ap);
    return make(name, value);
}

WRAP(int, sem_close, (sem_t * s))
{
    (void)s;
    return 0;
}

WRAP(int, sem_unlink, (const char *name))
{
    struct named *n = find(name);

    if (!n) {
        errno = ENOENT;
        return -1;
    }
    n->linked = 0;
    return 0;
}
