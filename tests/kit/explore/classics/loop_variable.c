/* SPDX-License-Identifier: MIT */
/* explore 1: Data race on `i` */
#include <assert.h>
#include <pthread.h>

static int seen[3];

static void *work(void *p)
{
    seen[*(int *)p]++;
    return 0;
}

int main(void)
{
    pthread_t t[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&t[i], 0, work, &i);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], 0);
    assert(seen[0] == 1 && seen[1] == 1);
    return 0;
}
