// expect: FORGED
// why: ends the thread that runs the test, which was the last one
#include "sample.h"

static void deed(struct counter *counter)
{
    pthread_exit(counter);
}
