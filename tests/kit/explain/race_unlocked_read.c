/* SPDX-License-Identifier: MIT */
#include <pthread.h>

static struct {
    pthread_mutex_t lock;
    long value;
} balance = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *pay(void *unused)
{
    pthread_mutex_lock(&balance.lock);
    balance.value = 50;
    pthread_mutex_unlock(&balance.lock);
    return unused;
}

int main(void)
{
    pthread_t payer;
    long seen;

    pthread_create(&payer, NULL, pay, NULL);
    seen = balance.value;
    pthread_join(payer, NULL);
    return seen == 7;
}
