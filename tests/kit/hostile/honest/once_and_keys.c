// expect: PASS
// why: pthread_once and thread-specific data
#include "sample.h"

#include <stddef.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;

static void make_key(void)
{
    pthread_key_create(&key, NULL);
}

static void deed(struct counter *counter)
{
    pthread_once(&once, make_key);
    pthread_setspecific(key, counter);
}
