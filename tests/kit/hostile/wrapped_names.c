// expect: REJECTED
// why: goes around the seam
#include "sample.h"

int __real_pthread_mutex_lock(pthread_mutex_t *lock);

static void deed(struct counter *counter)
{
    __real_pthread_mutex_lock(&counter->lock);
}
