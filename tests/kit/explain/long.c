/* SPDX-License-Identifier: MIT */
/* Nearly as many steps as a trace can have, and one update among them that is lost. */
#include <assert.h>
#include <pthread.h>

enum { ROUNDS = 4900 };

static long steps;

static void *walk(void *unused)
{
    for (int i = 0; i < ROUNDS; i++)
        steps++;
    return unused;
}

int main(void)
{
    pthread_t a, b;

    pthread_create(&a, NULL, walk, NULL);
    pthread_create(&b, NULL, walk, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(steps == 2 * ROUNDS);
}
