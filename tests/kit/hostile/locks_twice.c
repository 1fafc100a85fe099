// expect: DEADLOCK
// why: takes a lock that it holds already
#include "sample.h"

static void deed(struct counter *counter)
{
    pthread_mutex_lock(&counter->lock);
    pthread_mutex_lock(&counter->lock);
}
