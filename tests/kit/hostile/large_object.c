// expect: COMPILE
// why: ten lines whose objects and programs would fill the cache, which outlives the grading
#include "sample.h"

static char ballast[20 << 20] = {1};

static void deed(struct counter *counter)
{
    (void)counter;
    (void)ballast[1];
}
