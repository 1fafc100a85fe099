/* SPDX-License-Identifier: MIT */
/* heatmap_save(): the picture, and the places where it cannot be written. */
#include "tile_heatmap.h"

#include "probe.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* Labels from an argument; the caller frees. */
static unsigned char *labels_from_args(void)
{
    size_t count;
    long *values = arg_ints("cells", &count);
    unsigned char *labels = malloc(count);

    for (size_t i = 0; i < count; i++)
        labels[i] = (unsigned char)values[i];
    free(values);
    return labels;
}

/* Where a scenario may write, in and outside the sandbox. */
static const char *workplace(void)
{
    return access(".", W_OK) == 0 ? "." : "/tmp";
}

static void say_file(const char *path)
{
    FILE *file = fopen(path, "rbe");
    size_t length = 0, room = 1 << 16;
    char *hex = malloc(2 * room + 1);

    hex[0] = '\0';
    for (int byte; file != NULL && length < room && (byte = getc(file)) != EOF; length++)
        snprintf(hex + 2 * length, 3, "%02x", (unsigned)byte & 0xff);
    if (file != NULL)
        fclose(file);
    fact_str("png", hex);
    free(hex);
}

SCENARIO(save)
{
    unsigned char *labels = labels_from_args();
    char path[64];

    snprintf(path, sizeof path, "%s/heatmap-%ld.png", workplace(), my_pid());
    fact_int("returned", heatmap_save(path, labels, (size_t)arg_int("columns"),
                             (size_t)arg_int("rows"), (int)arg_int("scale")));
    say_file(path);
    unlink(path);
    free(labels);
}

/* No file may grow beyond a few bytes, as on a disk that is full. */
SCENARIO(no_room)
{
    unsigned char *labels = labels_from_args();
    struct rlimit old, tight;
    char path[64];

    snprintf(path, sizeof path, "%s/heatmap-%ld.png", workplace(), my_pid());
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    tight = old;
    tight.rlim_cur = (rlim_t)arg_int("room");
    setrlimit(RLIMIT_FSIZE, &tight);
    errno = 0;
    fact_int("returned", heatmap_save(path, labels, (size_t)arg_int("columns"),
                             (size_t)arg_int("rows"), (int)arg_int("scale")));
    fact_bool("has_error", errno != 0);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, SIG_DFL);
    fact_bool("is_there", access(path, F_OK) == 0);
    unlink(path);
    free(labels);
}

SCENARIO(nowhere)
{
    unsigned char labels[] = {0, 1, 2, 3};
    char path[64];

    snprintf(path, sizeof path, "%s/no-such-directory-%ld/map.png", workplace(), my_pid());
    errno = 0;
    fact_int("returned", heatmap_save(path, labels, 2, 2, 3));
    fact_int("error", errno);
}
