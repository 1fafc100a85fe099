/* SPDX-License-Identifier: MIT */
/*
 * indexer(N) of Flanagan and Godefroid, Dynamic Partial-Order Reduction for Model Checking Software
 * (POPL'05): N threads put four messages each into one hash table, by compare-and-exchange. The
 * first collisions come with the twelfth thread.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { SIZE = 128, MESSAGES = 4 };

static atomic_int table[SIZE];

static bool put(int slot, int message)
{
    int empty = 0;

    return atomic_compare_exchange_strong(&table[slot], &empty, message);
}

static void *insert(void *number)
{
    for (int i = 1; i <= MESSAGES; i++) {
        int message = i * 11 + (int)(long)number, slot = message * 7 % SIZE;

        while (!put(slot, message))
            slot = (slot + 1) % SIZE;
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[N];

    for (long i = 0; i < N; i++)
        pthread_create(&threads[i], NULL, insert, (void *)i);
    for (int i = 0; i < N; i++)
        pthread_join(threads[i], NULL);
}
