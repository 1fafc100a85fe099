// expect: LEFTOVER
// why: twenty children that sleep, and nobody waits for them
#include "sample.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/select.h>
#include <unistd.h>

static int done;

static void deed(struct counter *counter)
{
    (void)counter;
    struct timeval hour = {3600, 0};

    for (int i = 0; i < 20 && !done; i++)
        if (fork() == 0) {
            select(0, NULL, NULL, NULL, &hour);
            exit(0);
        }
    done = 1;
}
