/* SPDX-License-Identifier: MIT */
/*
 * readers(N) of Abdulla, Aronis, Jonsson, Sagonas, Optimal Dynamic Partial Order Reduction
 * (POPL'14): one thread writes, N read. A reader comes before the writer or after it, whatever the
 * others do: 2^N interleavings.
 */
#include <pthread.h>

static int x;

static void *write_it(void *unused)
{
    x = 1;
    return unused;
}

static void *read_it(void *ret)
{
    *(volatile int *)ret = x;
    return NULL;
}

int main(void)
{
    pthread_t writer, readers[N];
    static int seen[N];

    pthread_create(&writer, NULL, write_it, NULL);
    for (int i = 0; i < N; i++)
        pthread_create(&readers[i], NULL, read_it, &seen[i]);
    pthread_join(writer, NULL);
    for (int i = 0; i < N; i++)
        pthread_join(readers[i], NULL);
}
