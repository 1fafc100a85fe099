// expect: PASS
// why: numbers that contain the bytes of a system call
#include "sample.h"

static void deed(struct counter *counter)
{
    (void)counter;
    volatile unsigned numbers[] = {0x050f, 0x0f050f05, 0x80cd80cd, 0x340f};

    numbers[0] += 0x0000050f;
    numbers[1] += 0x80cd0f05;
}
