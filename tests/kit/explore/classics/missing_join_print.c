/* SPDX-License-Identifier: MIT */
/* explore 1: was still at work */
#include <pthread.h>
#include <stdio.h>

static void *work(void *p)
{
    printf("hello\n");
    return p;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, 0, work, 0);
    return 0;
}
