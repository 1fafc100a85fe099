// expect: RACE WRONG
// why: closes what a tool might speak through, then races
#include "sample.h"

#include <stddef.h>
#include <unistd.h>

static long shared;
static _Atomic int deeds;

static void *race(void *argument)
{
    shared++;
    return argument;
}

static void deed(struct counter *counter)
{
    (void)counter;
    pthread_t ids[2];

    if (deeds++ > 4)
        return;
    close(1);
    close(2);
    for (int i = 0; i < 2; i++)
        pthread_create(&ids[i], NULL, race, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(ids[i], NULL);
}
