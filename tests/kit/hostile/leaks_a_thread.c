// expect: LEFTOVER LEAK
// why: starts a thread and never joins it
#include "sample.h"

#include <stddef.h>

static int done;

static void *nothing(void *argument)
{
    return argument;
}

static void deed(struct counter *counter)
{
    (void)counter;
    pthread_t id;

    if (!done)
        pthread_create(&id, NULL, nothing, NULL);
    done = 1;
}
