/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdio.h>

static int seen;

static void *visit(void *unused)
{
    (void)unused;
    seen = 1;
    return NULL;
}

int main(void)
{
    pthread_t a, b;

    pthread_create(&a, NULL, visit, NULL);
    pthread_create(&b, NULL, visit, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    printf("%d\n", seen);
    return 0;
}
