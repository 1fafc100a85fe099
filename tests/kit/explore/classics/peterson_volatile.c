/* SPDX-License-Identifier: MIT */
/* explore 1: Data race */
#include <assert.h>
#include <pthread.h>

static volatile int want[2], turn;
static int x;

static void *work(void *p)
{
    int i = (int)(long)p;
    want[i] = 1;
    turn = 1 - i;
    while (want[1 - i] && turn == 1 - i)
        ;
    x++;
    want[i] = 0;
    return 0;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, work, (void *)0);
    pthread_create(&b, 0, work, (void *)1);
    pthread_join(a, 0);
    pthread_join(b, 0);
    assert(x == 2);
    return 0;
}
