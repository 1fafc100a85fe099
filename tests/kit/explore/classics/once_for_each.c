/* SPDX-License-Identifier: MIT */
/* explore 1: Data race on `inits` */
/* a once_t in each caller's frame: once each */
#include <assert.h>
#include <pthread.h>

static int inits;
static void init(void)
{
    inits++;
}

static void *work(void *p)
{
    pthread_once_t o = PTHREAD_ONCE_INIT;
    pthread_once(&o, init);
    return p;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, work, 0);
    pthread_create(&b, 0, work, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    assert(inits == 1);
    return 0;
}
