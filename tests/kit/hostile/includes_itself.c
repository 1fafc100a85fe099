// expect: COMPILE
// why: takes itself in without end: 28 MB of messages
#include __FILE__
#include "counter_mutex.h"
#include __FILE__
