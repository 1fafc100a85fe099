/* SPDX-License-Identifier: MIT */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct account {
    char owner[16];
    long balance;
};

static void *deposit(void *data)
{
    struct account *account = data;
    long before = account->balance;

    account->balance = before + 10;
    return NULL;
}

int main(void)
{
    struct account *savings = calloc(1, sizeof(*savings));
    pthread_t a, b;

    pthread_create(&a, NULL, deposit, savings);
    pthread_create(&b, NULL, deposit, savings);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(savings->balance == 20);
    free(savings);
}
