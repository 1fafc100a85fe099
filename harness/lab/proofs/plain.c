/* SPDX-License-Identifier: MIT */
/* plain must notice that a program aborts. */
#include "probe.h"

#include <stdlib.h>

SCENARIO(planted)
{
    abort();
}

SCENARIO(clean)
{
    fact_int("answer", 42);
}
