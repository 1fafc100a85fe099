/* SPDX-License-Identifier: MIT */
/* explore 1: `taken <= 1` does not hold */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int slots = 1;
static atomic_int taken;

static void *book(void *p)
{
    if (slots > 0) {
        slots--;
        taken++;
    }
    return p;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, book, 0);
    pthread_create(&b, 0, book, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    assert(taken <= 1);
    return 0;
}
