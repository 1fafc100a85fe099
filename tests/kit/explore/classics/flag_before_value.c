/* SPDX-License-Identifier: MIT */
/* explore 1: looked too early */
#include <assert.h>
#include <pthread.h>

static int value, inited;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int get(void)
{
    if (!inited) {
        pthread_mutex_lock(&m);
        if (!inited) {
            inited = 1;
            value = 42;
        }
        pthread_mutex_unlock(&m);
    }
    return value;
}

static void *use(void *p)
{
    (void)p;
    assert(get() == 42);
    return 0;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, use, 0);
    pthread_create(&b, 0, use, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
