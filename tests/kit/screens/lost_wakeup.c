/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool ready;

static void *waiter(void *unused)
{
    bool is_ready;

    (void)unused;
    pthread_mutex_lock(&lock);
    is_ready = ready;
    pthread_mutex_unlock(&lock);
    if (!is_ready) {
        pthread_mutex_lock(&lock);
        pthread_cond_wait(&changed, &lock);
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

int main(void)
{
    pthread_t id;

    pthread_create(&id, NULL, waiter, NULL);
    pthread_mutex_lock(&lock);
    ready = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    pthread_join(id, NULL);
    return 0;
}
