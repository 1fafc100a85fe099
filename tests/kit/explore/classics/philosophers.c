/* SPDX-License-Identifier: MIT */
/* explore 1: Deadlock, a circle */
#include <pthread.h>
#include <stdio.h>

#define N 3
static pthread_mutex_t fork_[N];

static void *phil(void *p)
{
    int i = (int)(long)p;
    pthread_mutex_lock(&fork_[i]);
    pthread_mutex_lock(&fork_[(i + 1) % N]);
    printf("%d eats\n", i);
    pthread_mutex_unlock(&fork_[(i + 1) % N]);
    pthread_mutex_unlock(&fork_[i]);
    return NULL;
}

int main(void)
{
    pthread_t t[N];
    for (int i = 0; i < N; i++)
        pthread_mutex_init(&fork_[i], NULL);
    for (long i = 0; i < N; i++)
        pthread_create(&t[i], NULL, phil, (void *)i);
    for (int i = 0; i < N; i++)
        pthread_join(t[i], NULL);
    return 0;
}
