// expect: PROCESSES
// why: starts threads until no more can be started
#include "sample.h"

#include <stddef.h>
#include <unistd.h>

static int ends[2];

static void *wait_for_ever(void *argument)
{
    char byte;

    return read(ends[0], &byte, 1) == 1 ? argument : NULL;
}

static void deed(struct counter *counter)
{
    (void)counter;
    pthread_t id;

    if (pipe(ends) == 0)
        while (pthread_create(&id, NULL, wait_for_ever, NULL) == 0)
            ;
    for (volatile int on = 1; on;)
        ;
}
