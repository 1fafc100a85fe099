/* SPDX-License-Identifier: MIT */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *opener(void *unused)
{
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t a;

    pthread_mutex_lock(&lock);
    pthread_create(&a, NULL, opener, NULL);
    pthread_join(a, NULL);
}
