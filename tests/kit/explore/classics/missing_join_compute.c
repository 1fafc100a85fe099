/* SPDX-License-Identifier: MIT */
/* explore 1: was still at work */
#include <pthread.h>

static void *work(void *p)
{
    volatile int s = 0;
    for (int i = 0; i < 1000; i++)
        s += i;
    return p;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, 0, work, 0);
    return 0;
}
