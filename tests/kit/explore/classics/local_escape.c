/* SPDX-License-Identifier: MIT */
/* explore 1: Data race */
#include <assert.h>
#include <pthread.h>

static void *work(void *p)
{
    *(int *)p = 1;
    return 0;
}
static pthread_t start(void)
{
    pthread_t a;
    int x = 0;
    pthread_create(&a, 0, work, &x);
    return a;
}
static int other(void)
{
    volatile int y[4] = {5, 5, 5, 5};
    int s = 0;
    for (int i = 0; i < 4; i++)
        s += y[i];
    return s;
}

int main(void)
{
    pthread_t a = start();
    int s = other();
    pthread_join(a, 0);
    assert(s == 20);
    return 0;
}
