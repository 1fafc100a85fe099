// expect: LEFTOVER
// why: a grandchild that outlives the test, with nothing open
#include "sample.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

static void deed(struct counter *counter)
{
    (void)counter;
    struct timeval hour = {3600, 0};
    pid_t child = fork();

    if (child == 0) {
        if (fork() != 0)
            exit(0);
        for (int fd = 0; fd < 256; fd++)
            close(fd);
        select(0, NULL, NULL, NULL, &hour);
        exit(0);
    }
    waitpid(child, NULL, 0);
}
