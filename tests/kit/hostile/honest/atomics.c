// expect: PASS
// why: C11 atomics beside the lock, a structure among them
#include "sample.h"

#include <stdatomic.h>

static atomic_long calls;
static _Atomic(struct counter *) last;

static void deed(struct counter *counter)
{
    atomic_fetch_add(&calls, 1);
    atomic_store(&last, counter);
}
