/* SPDX-License-Identifier: MIT */
/* explore 1: Deadlock of one */
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
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
    pthread_t a;
    pthread_create(&a, 0, outer, 0);
    pthread_join(a, 0);
    return 0;
}
