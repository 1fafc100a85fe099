/* SPDX-License-Identifier: MIT */
#include "gate/intake_open.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int intake_open_beneath(int directory_fd, const char *path, int flags)
{
    struct open_how how = {
        .flags = (unsigned)(flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW),
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
    };
    int fd = (int)syscall(SYS_openat2, directory_fd, path, &how, sizeof how);

    /* EPERM: a container's filter that does not know the call. */
    if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
        return fd;
    if (strchr(path, '/') != NULL || strcmp(path, "..") == 0) {
        errno = EINVAL;
        return -1;
    }
    return openat(directory_fd, path, (int)how.flags);
}

int intake_read_fd(int fd, size_t most, struct buf *ret)
{
    char block[16384];

    buf_clear(ret);
    while (ret->length < most) {
        size_t want = most - ret->length < sizeof block ? most - ret->length : sizeof block;
        ssize_t got = read(fd, block, want);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        buf_append(ret, block, (size_t)got);
    }
    return 0;
}
