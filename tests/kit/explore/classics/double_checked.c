/* SPDX-License-Identifier: MIT */
/* explore 1: Data race on `config` */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct config {
    int size;
};
static struct config *config;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static struct config *get(void)
{
    if (!config) {
        pthread_mutex_lock(&m);
        if (!config) {
            struct config *c = malloc(sizeof *c);
            c->size = 42;
            config = c;
        }
        pthread_mutex_unlock(&m);
    }
    return config;
}

static void *use(void *p)
{
    (void)p;
    assert(get()->size == 42);
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, use, 0);
    pthread_create(&b, 0, use, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    free(config);
    return 0;
}
