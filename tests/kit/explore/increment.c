/* SPDX-License-Identifier: MIT */
/* Two threads, one unprotected increment each: the shortest program that loses an update. */
#include <pthread.h>

static int counter;

static void *increment(void *unused)
{
    counter++;
    return unused;
}

int main(void)
{
    pthread_t one, two;

    pthread_create(&one, NULL, increment, NULL);
    pthread_create(&two, NULL, increment, NULL);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
}
