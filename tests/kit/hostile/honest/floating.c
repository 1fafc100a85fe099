// expect: PASS
// why: floating point, complex and wide integers
#include "sample.h"

#include <complex.h>
#include <math.h>

static void deed(struct counter *counter)
{
    (void)counter;
    volatile double x = 2;
    double _Complex z = x + 1.0 * I;
    __int128 wide = (__int128)x * 3;
    long double precise = 1.0L / (long double)x;

    z = z * z / (z + 1);
    x = creal(z) + (double)(wide / 3) + (double)precise + 0.0 * fabs(x);
}
