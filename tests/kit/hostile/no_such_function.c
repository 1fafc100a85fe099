// expect: COMPILE
// why: uses a function that nobody has
#include "sample.h"

int pthread_mutex_lokc(pthread_mutex_t *lock);

static void deed(struct counter *counter)
{
    pthread_mutex_lokc(&counter->lock);
}
