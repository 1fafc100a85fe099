// expect: COMPILE
// why: half of the functions are not there
#include "counter_mutex.h"

int counter_init(struct counter *counter)
{
    counter->value = 0;
    return pthread_mutex_init(&counter->lock, 0);
}
