// expect: PASS
// why: sixty threads at once, joined in reverse
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
    pthread_t ids[60];
    int started = 0;

    if (done++)
        return;
    while (started < 8 && pthread_create(&ids[started], NULL, nothing, NULL) == 0)
        started++;
    while (started > 0)
        pthread_join(ids[--started], NULL);
}
