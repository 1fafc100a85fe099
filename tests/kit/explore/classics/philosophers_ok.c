/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <pthread.h>
#include <stdio.h>

#define N 3
static pthread_mutex_t fork_[N];

static void *phil(void *p)
{
    int i = (int)(long)p;
    int a = i, b = (i + 1) % N;
    if (a > b) {
        int c = a;
        a = b;
        b = c;
    }
    pthread_mutex_lock(&fork_[a]);
    pthread_mutex_lock(&fork_[b]);
    printf("%d eats\n", i);
    pthread_mutex_unlock(&fork_[b]);
    pthread_mutex_unlock(&fork_[a]);
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
