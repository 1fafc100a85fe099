// expect: DEADLOCK
// why: leaves the lock taken, so that the next call waits for ever
#include "sample.h"

static void deed(struct counter *counter)
{
    pthread_mutex_lock(&counter->lock);
}
