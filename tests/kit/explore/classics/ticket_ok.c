/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_uint next, now;
static int x;

static void *work(void *p)
{
    unsigned mine = next++;
    while (now != mine)
        ;
    x++;
    now++;
    return p;
}

int main(void)
{
    pthread_t t[3];
    for (int i = 0; i < 3; i++)
        pthread_create(&t[i], 0, work, 0);
    for (int i = 0; i < 3; i++)
        pthread_join(t[i], 0);
    assert(x == 3);
    return 0;
}
