/* SPDX-License-Identifier: MIT */
/* explore 1: `balance >= 0` does not hold */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int balance = 100;
static int get(void)
{
    pthread_mutex_lock(&m);
    int b = balance;
    pthread_mutex_unlock(&m);
    return b;
}
static void take(int n)
{
    pthread_mutex_lock(&m);
    balance -= n;
    pthread_mutex_unlock(&m);
}

static void *withdraw(void *p)
{
    if (get() >= 80)
        take(80);
    return p;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, withdraw, 0);
    pthread_create(&b, 0, withdraw, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    assert(balance >= 0);
    return 0;
}
