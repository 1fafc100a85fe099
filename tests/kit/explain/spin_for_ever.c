/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdatomic.h>

static atomic_int turn;

static void *play(void *data)
{
    int me = (int)(long)data;

    while (atomic_load(&turn) != me)
        ;
    atomic_store(&turn, 2);
    return NULL;
}

int main(void)
{
    pthread_t a, b;

    pthread_create(&a, NULL, play, (void *)0);
    pthread_create(&b, NULL, play, (void *)1);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
}
