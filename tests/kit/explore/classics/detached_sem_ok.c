/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>

static sem_t done;

static void *work(void *p)
{
    printf("hello\n");
    sem_post(&done);
    return p;
}

int main(void)
{
    pthread_t a;
    sem_init(&done, 0, 0);
    pthread_create(&a, 0, work, 0);
    pthread_detach(a);
    sem_wait(&done);
    return 0;
}
