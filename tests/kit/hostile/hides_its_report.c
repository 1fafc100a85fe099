// expect: FORGED RACE WRONG
// why: plants a directory where the tool would write its report, then races
#include "sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
    const char *options = getenv("TSAN_OPTIONS");
    const char *log = options ? strstr(options, "log_path=") : NULL;
    char name[512];
    pthread_t ids[2];

    if (deeds++ > 4)
        return;
    if (log != NULL) {
        snprintf(name, sizeof name, "%.*s.%d", (int)strcspn(log + 9, ":"), log + 9, getpid());
        mkdir(name, 0700);
    }
    for (int i = 0; i < 2; i++)
        pthread_create(&ids[i], NULL, race, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(ids[i], NULL);
}
