/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdio.h>

static int saved;

static void *save(void *unused)
{
    saved = 1;
    saved = 2;
    return unused;
}

int main(void)
{
    pthread_t a;

    pthread_create(&a, NULL, save, NULL);
    return 0;
}
