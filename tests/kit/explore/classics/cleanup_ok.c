/* SPDX-License-Identifier: MIT */
/* explore 0: every one ends well */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int cleaned, order[3], n;
static void undo(void *p)
{
    pthread_mutex_unlock(p);
    cleaned++;
}
static void mark(void *p)
{
    order[n++] = (int)(long)p;
}

static void *work(void *p)
{
    pthread_mutex_lock(&m);
    pthread_cleanup_push(undo, &m);
    pthread_cleanup_push(mark, (void *)2);
    pthread_cleanup_push(mark, (void *)3);
    if (p)
        pthread_exit((void *)7);
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(1);
    pthread_cleanup_pop(1);
    return 0;
}

int main(void)
{
    pthread_t a, b;
    void *r;
    pthread_create(&a, 0, work, (void *)1);
    pthread_join(a, &r);
    assert(r == (void *)7);
    assert(cleaned == 1 && n == 2 && order[0] == 3 && order[1] == 2);
    pthread_create(&b, 0, work, 0);
    pthread_join(b, 0);
    assert(cleaned == 2);
    return 0;
}
