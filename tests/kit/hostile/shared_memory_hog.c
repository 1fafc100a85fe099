// expect: MEMORY
// why: fills shared memory, which no limit on the heap sees
#include "sample.h"

#include <string.h>
#include <sys/mman.h>

static void deed(struct counter *counter)
{
    (void)counter;
    for (;;) {
        void *block = mmap(
            NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

        if (block != MAP_FAILED)
            memset(block, 1, 1 << 20);
    }
}
