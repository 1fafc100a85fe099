/* SPDX-License-Identifier: MIT */
#include "counter_mutex.h"

void counter_init(struct counter *c)
{
    c->value = 0;
    pthread_mutex_init(&c->lock, NULL);
}

void counter_add(struct counter *c, long times)
{
    for (long i = 0; i < times; i++) {
        pthread_mutex_lock(&c->lock);
        long old = c->value;
        pthread_mutex_unlock(&c->lock);
        c->value = old + 1;
    }
}
