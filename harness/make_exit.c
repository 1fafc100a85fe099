/* SPDX-License-Identifier: MIT */
/*
 * make_exit - lets a Makefile end with a status of its own, and without an error line of make's.
 *
 * GNU make turns every failure into status 2 and "make: *** … Error 1" as the last thing on the
 * screen. A student's check that found a race is no failure of make: the last words should be the
 * report's, and the status `lab`'s (0, 1, 2, 3). GNU make can load functions ("Loading Dynamic
 * Objects" in its manual); this one is $(end-with FILE): ends make with the number in the file.
 * Where it cannot be loaded, `make` works all the same and says its line.
 */
#include <gnumake.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int plugin_is_GPL_compatible; /* GNU make asks for this declaration; the licence is MIT, which is */

static char *end_with(const char *name, unsigned argc, char **argv)
{
    FILE *f = fopen(argv[0], "re");
    int status = 0;

    (void)name;
    (void)argc;
    if (f && fscanf(f, "%d", &status) == 1 && status != 0) {
        fflush(NULL);
        _exit(status);
    }
    if (f)
        fclose(f);
    return NULL;
}

int make_exit_gmk_setup(void);

int make_exit_gmk_setup(void)
{
    gmk_add_function("end-with", end_with, 1, 1, GMK_FUNC_DEFAULT);
    return 1;
}
