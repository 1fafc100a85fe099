/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
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
    pthread_detach(a);
    pthread_exit(NULL);
}
