// expect: REJECTED
// why: makes the check of the lock say yes
#include "sample.h"

int pthread_mutex_trylock(pthread_mutex_t *lock)
{
    (void)lock;
    return 0;
}

static void deed(struct counter *counter)
{
    (void)counter;
}
