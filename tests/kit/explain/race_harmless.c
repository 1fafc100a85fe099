/* SPDX-License-Identifier: MIT */
#include <pthread.h>

static int progress;

static void *work(void *unused)
{
    progress = 50;
    return unused;
}

int main(void)
{
    pthread_t worker;
    int seen;

    pthread_create(&worker, NULL, work, NULL);
    seen = progress;
    pthread_join(worker, NULL);
    return seen == 7;
}
