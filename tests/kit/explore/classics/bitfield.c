/* SPDX-License-Identifier: MIT */
/* explore 1: does not hold */
#include <assert.h>
#include <pthread.h>

static struct {
    unsigned a : 1, b : 1;
} f;

static void *one(void *p)
{
    f.a = 1;
    return p;
}

static void *two(void *p)
{
    f.b = 1;
    return p;
}

int main(void)
{
    pthread_t s, t;
    pthread_create(&s, 0, one, 0);
    pthread_create(&t, 0, two, 0);
    pthread_join(s, 0);
    pthread_join(t, 0);
    assert(f.a && f.b);
    return 0;
}
