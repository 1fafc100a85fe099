// expect: PASS
// why: _Generic, _Static_assert, compound literals, designated initialisers
#include "sample.h"

static void deed(struct counter *counter)
{
    (void)counter;
    _Static_assert(sizeof(int) == 4, "as everywhere");
    struct pair {
        int a, b;
    } pair = {.b = 2, .a = 1}, *other = &(struct pair){3, 4};

    pair.a += _Generic(pair.b, int : other->a, default : 0);
}
