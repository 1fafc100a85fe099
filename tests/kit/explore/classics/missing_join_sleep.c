/* SPDX-License-Identifier: MIT */
/* explore 1: was still at work */
#include <pthread.h>
#include <unistd.h>

static void *work(void *p)
{
    sleep(1);
    return p;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, 0, work, 0);
    return 0;
}
