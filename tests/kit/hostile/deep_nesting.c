// expect: COMPILE
// why: brackets that only a compiler with a great stack survives
#include "counter_mutex.h"

#define A ((((((((((((((((
#define B A A A A A A A A A A A A A A A A
#define C B B B B B B B B B B B B B B B B
#define D C C C C C C C C C C C C C C C C

int deep = D 1;
