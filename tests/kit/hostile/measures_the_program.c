// expect: REJECTED
// why: the linker's names for the ends of code and data are a map of the program
#include "sample.h"

extern char etext, edata, end;

static void deed(struct counter *counter)
{
    if (&etext > &edata || &edata > &end)
        counter->value++;
}
