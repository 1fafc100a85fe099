/* SPDX-License-Identifier: MIT */
#include <pthread.h>

struct list {
    pthread_mutex_t lock;
    int length;
};

static struct list list = {PTHREAD_MUTEX_INITIALIZER, 0};

static int length(struct list *l)
{
    int n;

    pthread_mutex_lock(&l->lock);
    n = l->length;
    pthread_mutex_unlock(&l->lock);
    return n;
}

static void *append(void *data)
{
    struct list *l = data;

    pthread_mutex_lock(&l->lock);
    l->length = length(l) + 1;
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

int main(void)
{
    pthread_t a;

    pthread_create(&a, NULL, append, &list);
    pthread_join(a, NULL);
}
