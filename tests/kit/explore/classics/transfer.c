/* SPDX-License-Identifier: MIT */
/* explore 1: Deadlock, a circle */
#include <pthread.h>
#include <stdlib.h>

struct account {
    pthread_mutex_t m;
    int balance;
};
static struct account a = {PTHREAD_MUTEX_INITIALIZER, 100}, b = {PTHREAD_MUTEX_INITIALIZER, 100};
static void transfer(struct account *from, struct account *to, int n)
{
    pthread_mutex_lock(&from->m);
    pthread_mutex_lock(&to->m);
    from->balance -= n;
    to->balance += n;
    pthread_mutex_unlock(&to->m);
    pthread_mutex_unlock(&from->m);
}

static void *one(void *p)
{
    transfer(&a, &b, 10);
    return p;
}

static void *two(void *p)
{
    transfer(&b, &a, 20);
    return p;
}

int main(void)
{
    pthread_t s, t;
    pthread_create(&s, 0, one, 0);
    pthread_create(&t, 0, two, 0);
    pthread_join(s, 0);
    pthread_join(t, 0);
    return a.balance + b.balance != 200;
}
