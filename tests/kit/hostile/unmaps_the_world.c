// expect: CRASH
// why: gives back memory that is not its own
#include "sample.h"

#include <sys/mman.h>

static void deed(struct counter *counter)
{
    (void)counter;
    munmap((void *)((unsigned long)deed & ~0xffful), 4096);
}
