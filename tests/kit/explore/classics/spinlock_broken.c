/* SPDX-License-Identifier: MIT */
/* explore 1: does not hold */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int held;
static int x;

static void *work(void *p)
{
    while (held)
        ;
    held = 1;
    x++;
    held = 0;
    return p;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, work, 0);
    pthread_create(&b, 0, work, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    assert(x == 2);
    return 0;
}
