/* SPDX-License-Identifier: MIT */
/* A hundred threads. */
#include <assert.h>
#include <pthread.h>

enum { GUESTS = 100 };

static int chairs = GUESTS;

static void *sit_down(void *unused)
{
    chairs--;
    return unused;
}

int main(void)
{
    pthread_t guests[GUESTS];

    for (int i = 0; i < GUESTS; i++)
        pthread_create(&guests[i], NULL, sit_down, NULL);
    for (int i = 0; i < GUESTS; i++)
        pthread_join(guests[i], NULL);
    assert(chairs == 0);
}
