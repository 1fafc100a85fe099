/* SPDX-License-Identifier: MIT */
/* explore 1: Too few woken */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct job {
    struct job *next;
    int n;
};
static struct job *head, **tail = &head;
static int closed, sum;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static void put(int n)
{
    struct job *j = malloc(sizeof *j);
    j->n = n;
    j->next = NULL;
    pthread_mutex_lock(&m);
    *tail = j;
    tail = &j->next;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
}

static void *worker(void *p)
{
    for (;;) {
        pthread_mutex_lock(&m);
        while (!head && !closed)
            pthread_cond_wait(&c, &m);
        struct job *j = head;
        if (!j) {
            pthread_mutex_unlock(&m);
            return p;
        }
        head = j->next;
        if (!head)
            tail = &head;
        sum += j->n;
        pthread_mutex_unlock(&m);
        free(j);
    }
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, 0, worker, 0);
    pthread_create(&b, 0, worker, 0);
    put(1);
    pthread_mutex_lock(&m);
    closed = 1;
    pthread_cond_signal(&c);
    pthread_mutex_unlock(&m);
    pthread_join(a, 0);
    pthread_join(b, 0);
    assert(sum == 1);
    return 0;
}
