// expect: REJECTED
// why: mounts a file system
#include "sample.h"

#include <stddef.h>
#include <sys/mount.h>

static void deed(struct counter *counter)
{
    (void)counter;
    mount("none", "/tmp", "tmpfs", 0, NULL);
}
