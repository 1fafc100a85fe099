/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

/* tagged: index in low half, version in high half */
static _Atomic uint64_t top;
static _Atomic uint32_t next[4];
static uint32_t pop(void)
{
    uint64_t t = atomic_load(&top), n;
    do {
        if (!(uint32_t)t)
            return 0;
        n = ((t >> 32) + 1) << 32 | next[(uint32_t)t];
    } while (!atomic_compare_exchange_weak(&top, &t, n));
    return (uint32_t)t;
}
static void push(uint32_t i)
{
    uint64_t t = atomic_load(&top), n;
    do {
        next[i] = (uint32_t)t;
        n = ((t >> 32) + 1) << 32 | i;
    } while (!atomic_compare_exchange_weak(&top, &t, n));
}

static void *one(void *p)
{
    uint32_t a = pop();
    (void)p;
    if (a)
        push(a);
    return 0;
}

static void *two(void *p)
{
    uint32_t a = pop(), b = pop();
    (void)p;
    if (a)
        push(a);
    (void)b;
    return 0;
}

int main(void)
{
    pthread_t a, b;
    for (uint32_t i = 1; i <= 3; i++)
        push(i);
    pthread_create(&a, 0, one, 0);
    pthread_create(&b, 0, two, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    int n = 0;
    while (pop())
        n++;
    assert(n == 2);
    return 0;
}
