/* SPDX-License-Identifier: MIT */
/* explore 1: does not hold */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

struct node {
    int value;
    _Atomic(struct node *) next;
};
static struct node nodes[3];
static _Atomic(struct node *) top;
static struct node *pop(void)
{
    struct node *t, *n;
    do {
        t = atomic_load(&top);
        if (!t)
            return NULL;
        n = t->next;
    } while (!atomic_compare_exchange_weak(&top, &t, n));
    return t;
}
static void push(struct node *n)
{
    struct node *t;
    do {
        t = atomic_load(&top);
        n->next = t;
    } while (!atomic_compare_exchange_weak(&top, &t, n));
}

static void *one(void *p)
{
    struct node *a = pop();
    (void)p;
    if (a)
        push(a);
    return NULL;
}

static void *two(void *p)
{
    struct node *a = pop(), *b = pop();
    (void)p;
    if (a)
        push(a);
    (void)b;
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    for (int i = 0; i < 3; i++)
        push(&nodes[i]);
    pthread_create(&a, 0, one, 0);
    pthread_create(&b, 0, two, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    int n = 0;
    while (pop())
        n++;
    assert(n == 2);
    return 0;
}
