/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <pthread.h>

static void *add(void *sum)
{
    for (int i = 0; i < 2; i++)
        *(int *)sum += 5;
    return NULL;
}

int main(void)
{
    int sums[3] = {0};
    pthread_t a, b;

    pthread_create(&a, NULL, add, &sums[1]);
    pthread_create(&b, NULL, add, &sums[1]);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(sums[1] == 20);
}
