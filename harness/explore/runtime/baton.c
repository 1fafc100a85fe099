/* SPDX-License-Identifier: MIT */
/*
 * baton - who holds it runs. Within a process it is passed by a call (fibre.h). Between processes
 * it is a futex word in memory that they share, one for each process: who is woken there looks in
 * `running` for which of its tasks was meant. With real threads each task has a word of its own; a
 * hand-over costs 1.7 µs then, on one CPU.
 */
#include "explore/runtime/fibre.h"
#include "explore/runtime/world.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Whose word wakes the kernel's thread that `t` is on. */
static struct task *carrier(struct task *t)
{
    return arena->real_threads ? t : &world->tasks[world->processes[t->process].first_task];
}

static bool on_this_thread(const struct task *t)
{
    return !arena->real_threads && t->process == me->process;
}

static void go_to(const struct task *t)
{
    if (t != me)
        fibre_switch((unsigned)me->fibre, (unsigned)t->fibre);
}

void baton_give(struct task *to)
{
    _Atomic uint32_t *word = &carrier(to)->baton;

    world->running = to->id;
    atomic_store_explicit(word, 1, memory_order_release);
    syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

void baton_wait(void)
{
    _Atomic uint32_t *word = &carrier(me)->baton;

    while (!atomic_load_explicit(word, memory_order_acquire))
        syscall(SYS_futex, word, FUTEX_WAIT, 0, NULL, NULL, 0);
    atomic_store_explicit(word, 0, memory_order_relaxed);
    if (!arena->real_threads)
        go_to(&world->tasks[world->running]);
}

void baton_pass(struct task *to)
{
    if (on_this_thread(to)) {
        world->running = to->id;
        go_to(to);
    } else {
        baton_give(to);
        baton_wait();
    }
}
