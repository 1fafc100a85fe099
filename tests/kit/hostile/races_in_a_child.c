// expect: RACE WRONG
// why: races only in a forked child, whose exit status nobody reads
#include "sample.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static long shared;
static _Atomic int children;

static void *race(void *argument)
{
    shared++;
    return argument;
}

static void deed(struct counter *counter)
{
    (void)counter;
    pthread_t ids[2];
    if (children++ > 4)
        return;
    pid_t child = fork();

    if (child == 0) {
        for (int i = 0; i < 2; i++)
            pthread_create(&ids[i], NULL, race, NULL);
        for (int i = 0; i < 2; i++)
            pthread_join(ids[i], NULL);
        exit(0);
    }
    waitpid(child, NULL, 0);
}
