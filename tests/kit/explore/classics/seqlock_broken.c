/* SPDX-License-Identifier: MIT */
/* explore 1: `x == y` does not hold */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int seq, a, b;

static void *writer(void *p)
{
    seq++;
    a = 1;
    b = 1;
    seq++;
    return p;
}

static void *reader(void *p)
{
    int s = seq;
    int x = a, y = b;
    if (s == seq)
        assert(x == y);
    return p;
}

int main(void)
{
    pthread_t s, t;
    pthread_create(&s, 0, writer, 0);
    pthread_create(&t, 0, reader, 0);
    pthread_join(s, 0);
    pthread_join(t, 0);
    return 0;
}
