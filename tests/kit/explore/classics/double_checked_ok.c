/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct config {
    int size;
};
static _Atomic(struct config *) config;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static struct config *get(void)
{
    struct config *c = atomic_load_explicit(&config, memory_order_acquire);
    if (!c) {
        pthread_mutex_lock(&m);
        c = atomic_load_explicit(&config, memory_order_relaxed);
        if (!c) {
            c = malloc(sizeof *c);
            c->size = 42;
            atomic_store_explicit(&config, c, memory_order_release);
        }
        pthread_mutex_unlock(&m);
    }
    return c;
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
