// expect: REJECTED
// why: finds functions of the kit by name
#include "sample.h"

#include <dlfcn.h>
#include <stddef.h>

static void deed(struct counter *counter)
{
    (void)counter;
    void (*say)(const char *, long) = (void (*)(const char *, long))dlsym(RTLD_DEFAULT, "fact_int");

    if (say != NULL)
        say("total", 80000);
}
