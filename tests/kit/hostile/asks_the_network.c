// expect: REJECTED
// why: looks up a name
#include "sample.h"

#include <netdb.h>
#include <stddef.h>

static void deed(struct counter *counter)
{
    (void)counter;
    gethostbyname("example.org");
}
