/* SPDX-License-Identifier: MIT */
#include "lab/trace.h"

#include "base/io.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char *trace_file(void)
{
    const char *path = getenv("LAB_TRACE");

    return path && *path ? path : NULL;
}

/* Losing a line would be no harm to anybody but a benchmark. */
static void write_line(json_t *line)
{
    int fd = open(trace_file(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    char *text = json_dumps(line, JSON_COMPACT), *whole = text ? xasprintf("%s\n", text) : NULL;

    if (fd >= 0 && whole)
        io_write_all(fd, whole, strlen(whole));
    if (fd >= 0)
        close(fd);
    free(whole);
    free(text);
    json_decref(line);
}

static json_t *begin_line(const char *does, const char *const *argv)
{
    json_t *line = json_pack("{s:i, s:s}", "session", (int)getpid(), "does", does);
    json_t *words = json_array();

    for (; argv && *argv; argv++)
        json_array_append_new(words, json_string(*argv));
    json_object_set_new(line, "argv", words);
    return line;
}

void trace_compiler(const char *directory, const char *const *argv)
{
    json_t *line;

    if (!trace_file())
        return;
    line = begin_line("compile", argv);
    json_object_set_new(line, "cwd", json_string(directory));
    write_line(line);
}

void trace_run(const struct trace_run *run)
{
    json_t *line;

    if (!trace_file())
        return;
    line = begin_line("run", run->argv);
    json_object_set_new(line, "tool", json_string(run->tool));
    json_object_set_new(line, "scenario", json_string(run->scenario));
    json_object_set_new(line, "args", json_string(run->args));
    json_object_set_new(line, "seed", json_integer((json_int_t)run->seed));
    json_object_set_new(line, "schedules", json_integer(run->schedules));
    json_object_set_new(line, "preemptions", json_integer(run->preemptions));
    json_object_set_new(line, "spurious", json_integer(run->spurious));
    write_line(line);
}

void trace_end(void)
{
    struct rusage own;
    json_t *line;

    if (!trace_file() || getrusage(RUSAGE_SELF, &own))
        return;
    line = begin_line("end", NULL);
    json_object_set_new(line, "peak_kib", json_integer(own.ru_maxrss));
    write_line(line);
}
