/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <pthread.h>

static long total;

static void *add(void *unused)
{
    (void)unused;
    total = total + 1;
    return NULL;
}

int main(void)
{
    pthread_t a, b;

    pthread_create(&a, NULL, add, NULL);
    pthread_create(&b, NULL, add, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(total == 2);
    return 0;
}
