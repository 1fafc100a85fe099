/* SPDX-License-Identifier: MIT */
#include <pthread.h>

static pthread_mutex_t fork_lock = PTHREAD_MUTEX_INITIALIZER, knife = PTHREAD_MUTEX_INITIALIZER;

static void *ann(void *unused)
{
    pthread_mutex_lock(&fork_lock);
    pthread_mutex_lock(&knife);
    pthread_mutex_unlock(&knife);
    pthread_mutex_unlock(&fork_lock);
    return unused;
}

static void *bob(void *unused)
{
    pthread_mutex_lock(&knife);
    pthread_mutex_lock(&fork_lock);
    pthread_mutex_unlock(&fork_lock);
    pthread_mutex_unlock(&knife);
    return unused;
}

int main(void)
{
    pthread_t a, b;

    pthread_create(&a, NULL, ann, NULL);
    pthread_create(&b, NULL, bob, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
}
