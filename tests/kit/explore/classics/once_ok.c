/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <assert.h>
#include <pthread.h>

static pthread_once_t o = PTHREAD_ONCE_INIT;
static int inits;
static void init(void)
{
    inits++;
}

static void *work(void *p)
{
    pthread_once(&o, init);
    assert(inits == 1);
    return p;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, work, 0);
    pthread_create(&b, 0, work, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
