/* SPDX-License-Identifier: MIT */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int saved;

static void *save(void *unused)
{
    for (int page = 1; page <= 3; page++) {
        pthread_mutex_lock(&lock);
        saved = page;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

int main(void)
{
    pthread_t a;

    pthread_create(&a, NULL, save, NULL);
    pthread_mutex_lock(&lock);
    saved = 0;
    pthread_mutex_unlock(&lock);
    return 0;
}
