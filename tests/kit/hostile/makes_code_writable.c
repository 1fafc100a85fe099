// expect: REJECTED
// why: changes what memory may do
#include "sample.h"

#include <sys/mman.h>

static void deed(struct counter *counter)
{
    (void)counter;
    mprotect((void *)((unsigned long)deed & ~0xffful), 4096, PROT_READ | PROT_WRITE | PROT_EXEC);
}
