// expect: DEADLOCK
// why: waits on a condition variable that nobody signals
#include "sample.h"

static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

static void deed(struct counter *counter)
{
    pthread_mutex_lock(&counter->lock);
    pthread_cond_wait(&never, &counter->lock);
    pthread_mutex_unlock(&counter->lock);
}
