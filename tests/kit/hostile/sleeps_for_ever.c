// expect: TIMEOUT
// why: sleeps through select, which is not on the list of sleeps
#include "sample.h"

#include <stddef.h>
#include <sys/select.h>

static void deed(struct counter *counter)
{
    (void)counter;
    struct timeval day = {86400, 0};

    select(0, NULL, NULL, NULL, &day);
}
