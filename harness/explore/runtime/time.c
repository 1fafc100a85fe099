/* SPDX-License-Identifier: MIT */
/*
 * time - sleeps and clocks on virtual time. It moves when every task waits, to the next deadline
 * (unblock.c), when a sleep is over, and by a microsecond each time that somebody looks at a clock.
 * All clocks are one.
 */
#include "explore/runtime/spying.h"
#include "explore/runtime/world.h"
#include "explore/runtime/wrap.h"

#include <errno.h>
#include <sys/time.h>

enum { LOOK = 1000 /* ns */ };

#define SECOND 1000000000ull

static uint64_t from_timespec(const struct timespec *t)
{
    if (t->tv_sec < 0)
        return 0;
    return (uint64_t)t->tv_sec * SECOND + (uint64_t)t->tv_nsec;
}

static struct timespec to_timespec(uint64_t ns)
{
    return (struct timespec){.tv_sec = (time_t)(ns / SECOND), .tv_nsec = (long)(ns % SECOND)};
}

/* A time of the past has run out already, but the call still looks first. */
uint64_t deadline_of(const struct timespec *until, int clock)
{
    (void)clock;
    return from_timespec(until);
}

/* Who looks at the clock again and again waits for time to pass: it passes faster each time. */
static uint64_t look(const void *pc)
{
    struct trace_op op = op_make(OP_YIELD, pc);
    struct trace_place time_itself = {.address = 1, .size = 1, .space = SPACE_TASK};

    settle();
    op.place[0] = time_itself;
    spin_saw(&op, 0);
    world->clock_reads++;
    for (uint32_t i = 0; i < me->n_seen && i < WORLD_SEEN; i++)
        if (me->seen[i].pc == op.pc && me->seen[i].times > 3) {
            uint32_t times = me->seen[i].times < 20 ? me->seen[i].times : 20;

            world->now += LOOK << times;
            me->seen[i].place.size = 0;
        }
    return world->now += LOOK;
}

/* Until everybody else waits. */
void sleep_until(uint64_t deadline, const void *pc)
{
    struct trace_op op = op_make(OP_SLEEP, pc);

    op.flags = OPF_TIMED;
    me->deadline = deadline;
    me->timed_out = 0;
    step(&op);
    me->deadline = NEVER;
    me->timed_out = 0;
}

/* The student's sleep orders nothing: whoever could go on meanwhile may as well have been held up
 * for as long as it takes. So it is always enabled, and time goes by when it is over. */
static int sleep_over(uint64_t deadline, const void *pc)
{
    struct trace_op op = op_make(OP_SLEEP, pc);

    settle();
    SPY(spy_count(SPY_SLEEPS));
    op.flags = OPF_TIMED;
    me->deadline = NEVER;
    me->sleep_ends = deadline;
    step(&op);
    time_goes_by(deadline);
    return 0;
}

static int sleep_for(uint64_t ns, const void *pc)
{
    return sleep_over(world->now + (ns ? ns : 1), pc);
}

unsigned __wrap_sleep(unsigned seconds)
{
    return (unsigned)sleep_for(seconds * SECOND, CALLER);
}

int __wrap_usleep(useconds_t us)
{
    return sleep_for(us * 1000ull, CALLER);
}

int __wrap_nanosleep(const struct timespec *t, struct timespec *left)
{
    if (left)
        *left = (struct timespec){0};
    return sleep_for(from_timespec(t), CALLER);
}

int __wrap_clock_nanosleep(
    clockid_t clock, int flags, const struct timespec *t, struct timespec *left)
{
    (void)clock;
    if (left)
        *left = (struct timespec){0};
    if (!(flags & TIMER_ABSTIME))
        return sleep_for(from_timespec(t), CALLER);
    return sleep_over(from_timespec(t), CALLER);
}

int __wrap_thrd_sleep(const struct timespec *t, struct timespec *left)
{
    return __wrap_nanosleep(t, left);
}

static void yield(const void *pc)
{
    struct trace_op op = op_make(OP_YIELD, pc);

    SPY(spy_count(SPY_YIELDS));
    step(&op);
}

int __wrap_sched_yield(void)
{
    if (me)
        yield(CALLER);
    return 0;
}

void __wrap_thrd_yield(void)
{
    yield(CALLER);
}

WRAP(int, clock_gettime, (clockid_t clock, struct timespec *ret))
{
    if (!from_student(CALLER) || !me)
        return __real_clock_gettime(clock, ret);
    *ret = to_timespec(look(CALLER));
    return 0;
}

WRAP(int, gettimeofday, (struct timeval * ret, void *zone))
{
    uint64_t now;

    if (!me)
        return __real_gettimeofday(ret, zone);
    now = look(CALLER);
    ret->tv_sec = (time_t)(now / SECOND);
    ret->tv_usec = (suseconds_t)(now % SECOND / 1000);
    return 0;
}

WRAP(time_t, time, (time_t * ret))
{
    time_t now;

    if (!from_student(CALLER) || !me)
        return __real_time(ret);
    now = (time_t)(look(CALLER) / SECOND);
    if (ret)
        *ret = now;
    return now;
}

WRAP(clock_t, clock, (void))
{
    return me ? (clock_t)((look(CALLER) - START_CLOCK) / 1000) : __real_clock();
}

WRAP(int, timespec_get, (struct timespec * ret, int base))
{
    if (!me)
        return __real_timespec_get(ret, base);
    *ret = to_timespec(look(CALLER));
    return base;
}
