/* SPDX-License-Identifier: MIT */
/* explore 1: Freed twice */
#include <pthread.h>
#include <stdlib.h>

static char *buffer;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static char *get(void)
{
    pthread_mutex_lock(&m);
    char *b = buffer;
    pthread_mutex_unlock(&m);
    return b;
}

static void *drop(void *p)
{
    char *b = get();
    if (b) {
        free(b);
        pthread_mutex_lock(&m);
        buffer = NULL;
        pthread_mutex_unlock(&m);
    }
    return p;
}

int main(void)
{
    pthread_t a, b;
    buffer = malloc(10);
    pthread_create(&a, 0, drop, 0);
    pthread_create(&b, 0, drop, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
