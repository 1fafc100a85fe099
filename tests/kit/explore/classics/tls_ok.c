/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <assert.h>
#include <errno.h>
#include <pthread.h>

static __thread int mine = 7;
static _Thread_local char buffer[64];

static void *work(void *p)
{
    assert(mine == 7);
    mine += (int)(long)p;
    buffer[0] = (char)mine;
    errno = mine;
    assert(mine == 7 + (int)(long)p && buffer[0] == (char)mine && errno == mine);
    return 0;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, work, (void *)1);
    pthread_create(&b, 0, work, (void *)2);
    pthread_join(a, 0);
    pthread_join(b, 0);
    assert(mine == 7);
    return 0;
}
