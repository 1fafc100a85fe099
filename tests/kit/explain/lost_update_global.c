/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <pthread.h>

static int visitors;

static void *count(void *unused)
{
    visitors++;
    return unused;
}

int main(void)
{
    pthread_t a, b;

    pthread_create(&a, NULL, count, NULL);
    pthread_create(&b, NULL, count, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(visitors == 2);
}
