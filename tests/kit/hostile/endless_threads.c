// expect: TIMEOUT
// why: eight threads that spin for ever, while the caller waits for them
#include "sample.h"

#include <stddef.h>

static void *spin(void *argument)
{
    for (volatile int on = 1; on;)
        ;
    return argument;
}

static void deed(struct counter *counter)
{
    (void)counter;
    pthread_t ids[8];

    for (int i = 0; i < 8; i++)
        pthread_create(&ids[i], NULL, spin, NULL);
    for (int i = 0; i < 8; i++)
        pthread_join(ids[i], NULL);
}
