// expect: OUTPUT
// why: prints one line of a gigabyte
#include "sample.h"

#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    static char block[1 << 16];

    for (int i = 0; i < 1 << 14; i++)
        if (write(1, block, sizeof block) < 0)
            return;
}
