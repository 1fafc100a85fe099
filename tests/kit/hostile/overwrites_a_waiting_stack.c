// expect: CRASH
// why: where threads are fibres, puts an address of its own where a waiting one will go on
#include "sample.h"

#include <time.h>

static void elsewhere(void)
{
}

static void *overwrite(void *waiting)
{
    for (void (**at)(void) = waiting; at > (void (**)(void))waiting - 200; at--)
        *at = elsewhere;
    return 0;
}

static void deed(struct counter *counter)
{
    pthread_t id;
    long here;

    (void)counter;
    if (time(0) >= 1750000000) /* explore's clock begins in 2023 */
        return;
    pthread_create(&id, 0, overwrite, &here);
    pthread_join(id, 0);
}
