// expect: REJECTED
// why: looks for the judge's socket, to say there that all is well (plays_the_judge.py goes
// further)
#include "sample.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

static void deed(struct counter *counter)
{
    struct sockaddr_un judge = {.sun_family = AF_UNIX};
    FILE *sockets = fopen("/proc/net/unix", "r");
    char line[256], *path;

    (void)counter;
    while (sockets && fgets(line, sizeof line, sockets))
        if ((path = strstr(line, "/tmp/interleave-judge"))) {
            strncpy(judge.sun_path, path, sizeof judge.sun_path - 1);
            connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&judge, sizeof judge);
        }
}
