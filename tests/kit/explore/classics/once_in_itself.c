/* SPDX-License-Identifier: MIT */
/* explore 1: the function that is to run once calls for itself */
/* once called recursively from its own routine */
#include <pthread.h>

static pthread_once_t o = PTHREAD_ONCE_INIT;
static void init(void)
{
    pthread_once(&o, init);
}

static void *work(void *p)
{
    pthread_once(&o, init);
    return p;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, 0, work, 0);
    pthread_join(a, 0);
    return 0;
}
