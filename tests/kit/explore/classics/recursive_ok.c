/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <pthread.h>

static pthread_mutex_t m;
static void inner(void)
{
    pthread_mutex_lock(&m);
    pthread_mutex_unlock(&m);
}

static void *outer(void *p)
{
    pthread_mutex_lock(&m);
    inner();
    pthread_mutex_unlock(&m);
    return p;
}

int main(void)
{
    pthread_mutexattr_t at;
    pthread_mutexattr_init(&at);
    pthread_mutexattr_settype(&at, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&m, &at);
    pthread_t a, b;
    pthread_create(&a, 0, outer, 0);
    pthread_create(&b, 0, outer, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
