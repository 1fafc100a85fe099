/* SPDX-License-Identifier: MIT */
/* explore 1: Data race on `buffer` */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static char *name(int i)
{
    static char buffer[16];
    snprintf(buffer, sizeof buffer, "n%d", i);
    return buffer;
}

static void *work(void *p)
{
    int i = (int)(long)p;
    char want[16];
    snprintf(want, sizeof want, "n%d", i);
    assert(strcmp(name(i), want) == 0);
    return 0;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, work, (void *)1);
    pthread_create(&b, 0, work, (void *)2);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
