/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int count, round_;
static void barrier(void)
{
    pthread_mutex_lock(&m);
    int mine = round_;
    count++;
    if (count == 2) {
        count = 0;
        round_++;
        pthread_cond_broadcast(&c);
    } else
        while (mine == round_)
            pthread_cond_wait(&c, &m);
    pthread_mutex_unlock(&m);
}

static void *work(void *p)
{
    for (int i = 0; i < 2; i++)
        barrier();
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
