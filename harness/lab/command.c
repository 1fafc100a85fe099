/* SPDX-License-Identifier: MIT */
#include "lab/command.h"

#include "base/io.h"
#include "lab/grading.h"

#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

int complain(int status, const char *format, ...)
{
    va_list ap;

    fflush(stdout);
    fputs("lab: ", stderr);
    va_start(ap, format);
    vfprintf(stderr, format, ap);
    va_end(ap);
    fputc('\n', stderr);
    return status;
}

bool open_kit(struct kit *kit)
{
    struct buf err = BUF_EMPTY;
    bool ok = kit_open(kit, &err) == 0;

    if (!ok)
        complain(STATUS_INCOMPLETE, "%s", buf_text(&err));
    buf_release(&err);
    return ok;
}

void parse_options(const struct argp *argp, int argc, char **argv, void *input)
{
    argp_err_exit_status = STATUS_USAGE;
    program_invocation_name = argv[0];
    argp_parse(argp, argc, argv, 0, NULL, input);
}

bool choose_exercises(const struct kit *kit, char *const *names, size_t count, bool *chosen)
{
    struct buf err = BUF_EMPTY;

    for (size_t i = 0; i < kit->n_exercises; i++)
        chosen[i] = count == 0;
    for (size_t i = 0; i < count; i++) {
        const struct manifest *m = kit_find(kit, names[i], &err);

        if (!m) {
            complain(STATUS_USAGE, "%s", buf_text(&err));
            buf_release(&err);
            return false;
        }
        chosen[m - kit->exercises] = true;
    }
    return true;
}

bool choose_from_list(const struct kit *kit, const char *list, bool *chosen)
{
    char *own = xstrdup(list ? list : ""), *rest = own, *name, *names[64];
    size_t n = 0;
    bool ok;

    while ((name = strsep(&rest, ",")))
        if (*name && n < 64)
            names[n++] = name;
    ok = choose_exercises(kit, names, n, chosen);
    free(own);
    return ok;
}

unsigned cores(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof(set), &set))
        return 1;
    return (unsigned)CPU_COUNT(&set);
}

uint64_t fresh_seed(void)
{
    const char *given = getenv("LAB_SEED");
    uint64_t seed = 1;

    if (given && *given)
        return strtoull(given, NULL, 10);
    (void)!getrandom(&seed, sizeof(seed), 0);
    return seed % 1000000000; /* short enough to type */
}

/* /dev/null, a pipe: what would be lost if a new file took its place. */
static bool is_special(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static bool write_special(const char *path, const struct buf *text, struct buf *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool ok = fd >= 0 && io_write_all(fd, buf_text(text), text->length) == 0;

    if (!ok)
        fail_errno(err, "Cannot write to %s", path);
    if (fd >= 0)
        close(fd);
    return ok;
}

int work_apart(int (*work)(void *arg), void *arg, enum processes_terminal terminal)
{
    struct buf err = BUF_EMPTY;
    int status = STATUS_INCOMPLETE;

    if (processes_run(work, arg, terminal, &status, &err))
        complain(0, "%s", buf_text(&err));
    buf_release(&err);
    return status;
}

bool write_output(const char *path, const struct buf *text)
{
    struct buf err = BUF_EMPTY;
    bool ok;

    if (!path || !strcmp(path, "-"))
        ok = fwrite(buf_text(text), 1, text->length, stdout) == text->length && !fflush(stdout);
    else if (is_special(path))
        ok = write_special(path, text, &err);
    else
        ok = io_write_file(path, buf_text(text), text->length, &err) == 0;
    if (!ok)
        complain(STATUS_INCOMPLETE, "%s",
            err.length ? buf_text(&err) : "Cannot write to standard output.");
    buf_release(&err);
    return ok;
}

void say_level(enum box_level level)
{
    const char *note = grading_level_note(level);

    if (note)
        complain(STATUS_OK, "%s", note);
}
