/* SPDX-License-Identifier: MIT */
/* explore 1: `d == 42` does not hold */
#include <assert.h>
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int data;

static void *work(void *p)
{
    usleep(1000);
    pthread_mutex_lock(&m);
    data = 42;
    pthread_mutex_unlock(&m);
    return p;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, 0, work, 0);
    usleep(100000);
    pthread_mutex_lock(&m);
    int d = data;
    pthread_mutex_unlock(&m);
    assert(d == 42);
    pthread_join(a, 0);
    return 0;
}
