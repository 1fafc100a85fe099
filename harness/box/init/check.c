/* SPDX-License-Identifier: MIT */
#include "box/init/check.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int opens(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static int seccomp_is_open(void)
{
    return unshare(0) == 0 || socket(AF_NETLINK, SOCK_RAW, 0) >= 0;
}

static int landlock_is_open(void)
{
    return opens("/", O_RDONLY | O_DIRECTORY);
}

static int namespaces_are_open(void)
{
    return getppid() != 1 || access("/home", F_OK) == 0 || access("/etc/passwd", F_OK) == 0;
}

static int supervisor_is_open(void)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/mem", (int)getppid());
    return opens(path, O_RDWR);
}

static int is_root(void)
{
    return getuid() == 0 || geteuid() == 0;
}

static int does_not_work(void)
{
    int status = 1;
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return !opens("check", O_RDWR | O_CREAT) || unlink("check") || !opens("/dev/null", O_RDWR) ||
           waitpid(pid, &status, 0) != pid || status;
}

static const struct question {
    int hole;
    int only_in_namespaces;
    int (*is_open)(void);
    const char *text;
} questions[] = {
    {CHECK_SECCOMP, 0, seccomp_is_open, "a system call on the list was not denied"},
    {CHECK_LANDLOCK, 0, landlock_is_open, "a directory outside the rules could be read"},
    {CHECK_NAMESPACES, 1, namespaces_are_open, "files or processes of the machine are visible"},
    {CHECK_SUPERVISOR, 0, supervisor_is_open, "the memory of lab-init can be opened"},
    {CHECK_USER, 0, is_root, "the command runs as root"},
    {CHECK_WORK, 0, does_not_work, "a file, a device or a child process could not be made"},
};

int check_holes(int in_namespaces)
{
    int holes = 0;

    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        const struct question *q = &questions[i];

        if ((q->only_in_namespaces && !in_namespaces) || !q->is_open())
            continue;
        printf("%s\n", q->text);
        holes |= q->hole;
    }
    return holes;
}
