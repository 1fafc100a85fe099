/* SPDX-License-Identifier: MIT */
#include <pthread.h>

static pthread_barrier_t start;

static void *run(void *unused)
{
    pthread_barrier_wait(&start);
    return unused;
}

int main(void)
{
    pthread_t a, b;

    pthread_barrier_init(&start, NULL, 3);
    pthread_create(&a, NULL, run, NULL);
    pthread_create(&b, NULL, run, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
}
