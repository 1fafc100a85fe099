// expect: REJECTED
// why: tells the tool that a race is none
#include "sample.h"

void AnnotateIgnoreWritesBegin(const char *file, int line);

static void deed(struct counter *counter)
{
    (void)counter;
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
}
