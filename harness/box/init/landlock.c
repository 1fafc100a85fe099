/* SPDX-License-Identifier: MIT */
#include "box/init/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>

enum { RULE_PATH_BENEATH = 1 };

#define EXECUTE   (1ULL << 0)
#define FILE_W    (1ULL << 1)
#define FILE_R    (1ULL << 2)
#define DIR_R     (1ULL << 3)
#define REMOVES   (3ULL << 4)
#define MAKE_CHAR (1ULL << 6)
#define MAKE_DIR  (1ULL << 7)
#define MAKE_REG  (1ULL << 8)
#define MAKE_SOCK (1ULL << 9)
#define MAKE_FIFO (1ULL << 10)
#define MAKE_SYM  (1ULL << 12)
#define REFER     (1ULL << 13)
#define TRUNCATE  (1ULL << 14)
#define IOCTL_DEV (1ULL << 15)

#define READS (FILE_R | DIR_R)
#define WRITES                                                                                   \
    (READS | FILE_W | REMOVES | MAKE_DIR | MAKE_REG | MAKE_SOCK | MAKE_FIFO | MAKE_SYM | REFER | \
        TRUNCATE)
#define DEVICES (FILE_R | FILE_W | IOCTL_DEV | TRUNCATE)
#define ON_FILES \
    (EXECUTE | FILE_W | FILE_R | TRUNCATE | IOCTL_DEV) /* a rule on a file may have these */

/* Everything that each version can forbid. */
static const struct version {
    uint64_t files;
    uint64_t net;
    uint64_t scopes;
} versions[] = {
    {0, 0, 0}, {0x1fff, 0, 0}, {0x3fff, 0, 0}, {0x7fff, 0, 0},
    {0x7fff, 3, 0},                 /* TCP: bind and connect */
    {0xffff, 3, 0}, {0xffff, 3, 3}, /* abstract sockets and signals */
};

enum { NEWEST = sizeof(versions) / sizeof(versions[0]) - 1 };

/* The sizes of the kernel's structs grew with the versions. */
static const size_t attribute_size[] = {0, 8, 8, 8, 16, 16, 24};

struct path_beneath {
    uint64_t allowed;
    int32_t fd;
} __attribute__((packed));

static const struct kind {
    char letter;
    uint64_t access;
} kinds[] = {
    {'x', READS | EXECUTE},
    {'r', READS},
    {'w', WRITES},
    {'d', DEVICES},
};

static int allow(int ruleset, const char *path, uint64_t handled)
{
    struct path_beneath rule = {.fd = open(path + 1, O_PATH | O_CLOEXEC)};
    struct stat st;
    int result;

    if (rule.fd < 0)
        return errno == ENOENT || errno == EACCES ? 0 : -1;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (kinds[i].letter == *path)
            rule.allowed = kinds[i].access & handled;
    if (fstat(rule.fd, &st) == 0 && !S_ISDIR(st.st_mode))
        rule.allowed &= ON_FILES;
    result = (int)syscall(LANDLOCK_ADD, ruleset, RULE_PATH_BENEATH, &rule, 0);
    close(rule.fd);
    return result;
}

int landlock_only(char *const *paths)
{
    int version = landlock_version(), ruleset, result = -1;
    const struct version *v;

    if (version > NEWEST)
        version = NEWEST;
    v = &versions[version];
    ruleset = (int)syscall(LANDLOCK_CREATE, v, attribute_size[version], 0);
    if (ruleset < 0)
        return -1;
    for (; *paths; paths++)
        if (allow(ruleset, *paths, v->files))
            goto out;
    result = (int)syscall(LANDLOCK_RESTRICT, ruleset, 0);
out:
    close(ruleset);
    return result;
}
