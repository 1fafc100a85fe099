// expect: LEFTOVER
// why: a detached thread that still runs when the test is over
#include "sample.h"

#include <stddef.h>
#include <unistd.h>

static int ends[2] = {-1, -1};

static void *linger(void *argument)
{
    char byte;

    return read(ends[0], &byte, 1) == 1 ? argument : NULL;
}

static void deed(struct counter *counter)
{
    (void)counter;
    pthread_t id;

    if (ends[0] >= 0 || pipe(ends) != 0)
        return;
    pthread_create(&id, NULL, linger, NULL);
    pthread_detach(id);
}
