// expect: PASS
// why: anonymous shared memory, given back
#include "sample.h"

#include <sys/mman.h>

static void deed(struct counter *counter)
{
    (void)counter;
    int *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED)
        return;
    *page = 1;
    munmap(page, 4096);
}
