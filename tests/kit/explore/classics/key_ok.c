/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t k;
static pthread_once_t o = PTHREAD_ONCE_INIT;
static void mk(void)
{
    pthread_key_create(&k, free);
}

static void *f(void *p)
{
    pthread_once(&o, mk);
    int *v = malloc(4);
    *v = (int)(long)p;
    pthread_setspecific(k, v);
    assert(*(int *)pthread_getspecific(k) == (int)(long)p);
    return 0;
}

int main(void)
{
    pthread_t s, t;
    pthread_create(&s, 0, f, (void *)1);
    pthread_create(&t, 0, f, (void *)2);
    pthread_join(s, 0);
    pthread_join(t, 0);
    return 0;
}
