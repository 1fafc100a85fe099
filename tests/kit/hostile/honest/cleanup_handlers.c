// expect: PASS
// why: pthread_cleanup_push and the cleanup attribute
#include "sample.h"

#include <stdlib.h>

static void give_back(void *block)
{
    free(block);
}

static void give_back_variable(char **block)
{
    free(*block);
}

static void deed(struct counter *counter)
{
    (void)counter;
    __attribute__((cleanup(give_back_variable))) char *first = malloc(8);

    pthread_cleanup_push(give_back, malloc(8));
    pthread_cleanup_pop(1);
    (void)first;
}
