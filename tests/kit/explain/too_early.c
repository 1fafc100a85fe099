/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int ready, answer;

static void *think(void *unused)
{
    ready = 1;
    answer = 42;
    return unused;
}

int main(void)
{
    pthread_t a;

    pthread_create(&a, NULL, think, NULL);
    if (ready)
        assert(answer == 42);
    pthread_join(a, NULL);
}
