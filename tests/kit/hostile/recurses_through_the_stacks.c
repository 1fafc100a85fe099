// expect: CRASH
// why: where threads are fibres, runs over the end of its stack and through those of the others
#include "sample.h"

#include <time.h>

static long deeper(volatile long *above)
{
    volatile long frame[512];

    frame[0] = *above + 1;
    return deeper(frame) + frame[0];
}

static void *run(void *argument)
{
    volatile long top = 0;

    return deeper(&top) ? argument : 0;
}

static void deed(struct counter *counter)
{
    pthread_t id;

    (void)counter;
    if (time(0) >= 1750000000) /* explore's clock begins in 2023 */
        return;
    pthread_create(&id, 0, run, 0);
    pthread_join(id, 0);
}
