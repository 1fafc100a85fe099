// expect: COMPILE
// why: one line of text, four gigabytes of object
#include "counter_mutex.h"

int huge[-1u / 4] = {1};
