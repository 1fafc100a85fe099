/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t baked = PTHREAD_COND_INITIALIZER;
static int cakes;

static void *eat(void *unused)
{
    pthread_mutex_lock(&lock);
    if (cakes == 0)
        pthread_cond_wait(&baked, &lock);
    assert(cakes > 0);
    cakes--;
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *bake(void *unused)
{
    for (int i = 0; i < 2; i++) {
        pthread_mutex_lock(&lock);
        cakes++;
        pthread_cond_signal(&baked);
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

int main(void)
{
    pthread_t a, b, c;

    pthread_create(&a, NULL, eat, NULL);
    pthread_create(&b, NULL, eat, NULL);
    pthread_create(&c, NULL, bake, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    pthread_join(c, NULL);
}
