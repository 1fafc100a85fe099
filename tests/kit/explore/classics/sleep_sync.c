/* SPDX-License-Identifier: MIT */
/* explore 1: looked too early */
#include <assert.h>
#include <pthread.h>
#include <unistd.h>

static int data;

static void *work(void *p)
{
    data = 42;
    return p;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, 0, work, 0);
    sleep(1);
    assert(data == 42);
    pthread_join(a, 0);
    return 0;
}
