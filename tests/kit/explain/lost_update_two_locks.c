/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t red = PTHREAD_MUTEX_INITIALIZER, blue = PTHREAD_MUTEX_INITIALIZER;
static int total;

static void *with_red(void *unused)
{
    pthread_mutex_lock(&red);
    total++;
    pthread_mutex_unlock(&red);
    return unused;
}

static void *with_blue(void *unused)
{
    pthread_mutex_lock(&blue);
    total++;
    pthread_mutex_unlock(&blue);
    return unused;
}

int main(void)
{
    pthread_t a, b;

    pthread_create(&a, NULL, with_red, NULL);
    pthread_create(&b, NULL, with_blue, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(total == 2);
}
