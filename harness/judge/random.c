/* SPDX-License-Identifier: MIT */
/* random - fresh inputs: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) from the run's seed. */
#include "base/buf.h"
#include "base/fingerprint.h"
#include "judge/judge.h"

#include <stdlib.h>
#include <string.h>

static uint64_t state;
static bool seeded;

/* The same seed gives each test its own sequence, whatever other tests ran. */
static void seed(void)
{
    const char *text = getenv("LAB_SEED");
    const char *test = criterion_current_test->name;

    state = strtoull(text ? text : "1", NULL, 10) ^ fnv1a(test, strlen(test));
    seeded = true;
}

static uint64_t next(void)
{
    uint64_t z;

    if (!seeded)
        seed();
    z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

long random_int(long least, long most)
{
    return least + (long)(next() % ((uint64_t)(most - least) + 1));
}

void random_ints(long *values, size_t count, long least, long most)
{
    for (size_t i = 0; i < count; i++)
        values[i] = random_int(least, most);
}

void random_permutation(long *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t j = (size_t)random_int(0, (long)i); /* Fisher and Yates, inside out */

        values[i] = values[j];
        values[j] = (long)i;
    }
}

const char *join_ints(const long *values, size_t count)
{
    struct buf text = BUF_EMPTY;

    for (size_t i = 0; i < count; i++)
        buf_printf(&text, i ? ",%ld" : "%ld", values[i]);
    return buf_detach(&text);
}
