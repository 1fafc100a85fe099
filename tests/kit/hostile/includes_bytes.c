// expect: REJECTED
// why: lets the assembler read a file
#include "sample.h"

__asm__(".section .rodata\nstolen: .incbin \"/etc/passwd\"\n.text");

static void deed(struct counter *counter)
{
    (void)counter;
}
