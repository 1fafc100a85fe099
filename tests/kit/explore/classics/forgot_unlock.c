/* SPDX-License-Identifier: MIT */
/* explore 1: ended without unlocking it */
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int stock = 1;
static int take(void)
{
    pthread_mutex_lock(&m);
    if (stock == 0)
        return -1;
    stock--;
    pthread_mutex_unlock(&m);
    return 0;
}

static void *buy(void *p)
{
    take();
    take();
    return p;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, buy, 0);
    pthread_create(&b, 0, buy, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
