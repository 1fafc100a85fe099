// expect: PASS
// why: looks for tests, solutions and accounts; were one of them there, it would crash
#include "sample.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const places[] = {"/etc/shadow", "/root/.ssh/id_rsa", "solutions",
    "../solutions", "../../solutions", "../../../solutions", "tests", "../tests", "../../tests",
    "labs", "../labs", "/srv", "/home", "/root", "/var/spool", "/run"};

static _Atomic int looks;

static void deed(struct counter *counter)
{
    (void)counter;
    if (looks++ > 4)
        return;
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        DIR *directory = opendir(places[i]);
        int names = 0;

        while (directory != NULL && readdir(directory) != NULL)
            names++;
        if (directory != NULL)
            closedir(directory);
        if (names > 2 || (directory == NULL && open(places[i], O_RDONLY) >= 0))
            abort();
    }
}
