/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct object {
    atomic_int refs;
    int data;
};
static void put(struct object *o)
{
    if (atomic_fetch_sub(&o->refs, 1) == 1)
        free(o);
}

static void *use(void *p)
{
    struct object *o = p;
    int d = o->data;
    (void)d;
    put(o);
    return 0;
}

int main(void)
{
    pthread_t a, b;
    struct object *o = malloc(sizeof *o);
    o->refs = 2;
    o->data = 1;
    pthread_create(&a, 0, use, o);
    pthread_create(&b, 0, use, o);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
