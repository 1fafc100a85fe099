// expect: FORGED
// why: ends the program with success, from another thread
#include "sample.h"

#include <stdlib.h>

static void *leave(void *argument)
{
    exit(argument != NULL);
}

static void deed(struct counter *counter)
{
    (void)counter;
    pthread_t id;

    pthread_create(&id, NULL, leave, NULL);
    pthread_join(id, NULL);
}
