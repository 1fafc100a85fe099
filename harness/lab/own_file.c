/* SPDX-License-Identifier: MIT */
#include "lab/own_file.h"

#include "base/clean.h"
#include "base/io.h"

#include <stdlib.h>
#include <unistd.h>

enum { FILE_MOST = 256 * 1024 };

static char *not_there(const char *what, const char *name, const char *exercise)
{
    if (exercise)
        return xasprintf("%s is %s. `lab reset %s` brings the stub back.", name, what, exercise);
    return xasprintf("%s is %s.", name, what);
}

char *own_file_trouble(const char *path, const char *name, const char *exercise)
{
    struct buf text = BUF_EMPTY, err = BUF_EMPTY;
    char *trouble = NULL;
    size_t at = 0;

    if (io_is_directory(path))
        trouble = xasprintf("%s is a directory; it should be your file.", name);
    else if (access(path, F_OK))
        trouble = not_there("missing", name, exercise);
    else if (io_read_file(path, FILE_MOST, &text, &err))
        trouble = buf_detach(&err);
    else if (text.length == 0)
        trouble = not_there("empty", name, exercise);
    else if (!clean_is_utf8(buf_text(&text), text.length, &at))
        trouble = xasprintf("%s is not UTF-8 text (byte %zu): save it again as UTF-8.", name, at);
    buf_release(&text);
    buf_release(&err);
    return trouble;
}
