/* SPDX-License-Identifier: MIT */
/* explore 1: Data race on `shared` */
#include <assert.h>
#include <pthread.h>

static __thread int mine;
static int *shared = &(int){0};

static void *work(void *p)
{
    shared = &mine;
    (*shared)++;
    assert(mine == 1);
    return p;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, work, 0);
    pthread_create(&b, 0, work, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
