// expect: PASS
// why: writes to the terminal that the grader sits at; were there one, it would crash
#include "sample.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    if (open("/dev/tty", O_RDWR) >= 0 || open("/dev/pts/0", O_RDWR) >= 0 ||
        open("/dev/mem", O_RDWR) >= 0 || open("/dev/kmsg", O_WRONLY) >= 0)
        abort();
}
