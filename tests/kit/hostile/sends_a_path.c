// expect: FORGED
// why: where the detector writes, a link to a device, a FIFO that nobody writes to, and a large
// file
#include "sample.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static _Atomic int done;

static void deed(struct counter *counter)
{
    (void)counter;
    const char *options = getenv("TSAN_OPTIONS");
    const char *log = options ? strstr(options, "log_path=") : NULL;
    char name[512];

    if (log == NULL || done++)
        return;
    int length = (int)strcspn(log + 9, ":");
    snprintf(name, sizeof name, "%.*s.1", length, log + 9);
    (void)!symlink("/dev/zero", name);
    snprintf(name, sizeof name, "%.*s.2", length, log + 9);
    mkfifo(name, 0600);
    snprintf(name, sizeof name, "%.*s.3", length, log + 9);
    int fd = open(name, O_WRONLY | O_CREAT, 0600);
    if (fd >= 0) {
        (void)!ftruncate(fd, 16 << 20);
        close(fd);
    }
}
