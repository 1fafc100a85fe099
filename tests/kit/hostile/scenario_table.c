// expect: REJECTED
// why: enters a scenario of its own
#include "sample.h"

static void mine(void)
{
}

__attribute__((used, section("lab_scenarios"))) static const struct {
    const char *name;
    void (*run)(void);
} entry = {"alone", mine};

static void deed(struct counter *counter)
{
    (void)counter;
}
