/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t done_now = PTHREAD_COND_INITIALIZER;
static _Atomic bool done;

static void *work(void *unused)
{
    done = true;
    pthread_cond_signal(&done_now);
    return unused;
}

int main(void)
{
    pthread_t worker;

    pthread_create(&worker, NULL, work, NULL);
    pthread_mutex_lock(&lock);
    while (!done)
        pthread_cond_wait(&done_now, &lock);
    pthread_mutex_unlock(&lock);
    pthread_join(worker, NULL);
}
