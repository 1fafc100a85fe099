// expect: REJECTED
// why: puts bytes where code lies
#include "sample.h"

__attribute__((section(".text"))) const unsigned char code[] = {0x31, 0xc0, 0xc3};

static void deed(struct counter *counter)
{
    (void)counter;
    ((void (*)(void))(unsigned long)code)();
}
