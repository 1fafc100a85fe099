/* SPDX-License-Identifier: MIT */
#include "lab/class_out.h"

#include "base/io.h"
#include "lab/kit.h"
#include "report/class.h"
#include "report/report.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DYING_MS = 5000, LOOK_MS = 20, HOST = 65, SCRATCH = 201 };

static const char scratch_prefix[] = "interleave-class";

/* What stands in OUT/lock. */
struct holder {
    int pid; /* 0: nobody */
    char host[HOST];
    char scratch[SCRATCH];
};

static char *file_for(const char *directory, const char *name, const char *suffix)
{
    struct buf file = BUF_EMPTY;
    char *path;

    report_page_name(name, suffix, &file);
    path = io_path(directory, buf_text(&file));
    buf_release(&file);
    return path;
}

char *class_out_result(const struct class_out *out, const char *name)
{
    return file_for(out->results, name, ".json");
}

char *class_out_files(const struct class_out *out, const char *name)
{
    return file_for(out->files, name, "");
}

/* A member of the outermost object begins a line with one blank; in a string there are no line
 * ends. So these few are found without parsing all that students wrote. */
static bool has_member(const struct buf *json, const char *member)
{
    char *line = xasprintf("\n \"%s", member);
    bool has = strstr(buf_text(json), line) != NULL;

    free(line);
    return has;
}

bool class_out_has(const struct class_out *out, const char *name, const char *fingerprint)
{
    char *path = class_out_result(out, name);
    char *member = xasprintf("fingerprint\": \"%s\"", fingerprint);
    struct buf old = BUF_EMPTY;
    /* An error about the submission itself (a damaged archive) will be the same again. */
    bool same = !io_read_file(path, 0, &old, NULL) && has_member(&old, member) &&
                (has_member(&old, "complete\": true") || has_member(&old, "error\": "));

    buf_release(&old);
    free(member);
    free(path);
    return same;
}

int class_out_put(const struct class_out *out, const char *name, json_t *result, const char *files,
    struct buf *err)
{
    struct report_context ctx = REPORT_CONTEXT_DEFAULT;
    char *path = class_out_result(out, name), *page_path = file_for(out->students, name, ".html");
    char *text = json_dumps(result, JSON_INDENT(1));
    struct buf page = BUF_EMPTY;
    int status = text ? 0 : fail(err, "The result of %s cannot be written as JSON.", name);

    ctx.files = files;
    ctx.guide = false;
    ctx.version = KIT_VERSION;
    if (!status)
        status = report_find("html")->write(result, &ctx, &page, err);
    if (!status)
        status = io_write_file(page_path, buf_text(&page), page.length, err);
    if (!status)
        status = io_write_file(path, text, strlen(text), err);
    buf_release(&page);
    free(text);
    free(path);
    free(page_path);
    return status;
}

static struct holder read_holder(int lock)
{
    struct holder h = {0};
    char text[512];
    ssize_t n = pread(lock, text, sizeof(text) - 1, 0);

    text[n > 0 ? n : 0] = '\0';
    if (sscanf(text, "process %d on %64s with %200[^\n]", &h.pid, h.host, h.scratch) != 3)
        h = (struct holder){0};
    return h;
}

static bool is_gone(const struct holder *h)
{
    char host[HOST] = "";

    gethostname(host, sizeof(host) - 1);
    return h->pid && !strcmp(host, h->host) && kill(h->pid, 0) && errno == ESRCH;
}

/* A holder that was killed is gone a moment before its workers are: that is worth a short wait. */
static int take_lock(const struct class_out *out, struct holder *ret_before, struct buf *err)
{
    for (int waited = 0;; waited += LOOK_MS) {
        int busy = flock(out->lock, LOCK_EX | LOCK_NB);

        *ret_before = read_holder(out->lock);
        if (!busy)
            return 0;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return fail_errno(err, "Cannot lock %s/lock", out->directory);
        if (!is_gone(ret_before) || waited >= DYING_MS)
            break;
        poll(NULL, 0, LOOK_MS);
    }
    if (!ret_before->pid)
        return fail(err, "Another `lab class` is writing to %s. Wait for it, or stop it first.",
            out->directory);
    return fail(err,
        "Another `lab class` (process %d on %s) is writing to %s. Wait for it, or stop it first.",
        ret_before->pid, ret_before->host, out->directory);
}

/* The path stands in a file that others may have written to: only a directory of our own that has
 * the right name is removed. */
static void remove_scratch(const char *path)
{
    struct stat st;

    if (!strncmp(io_base_name(path), scratch_prefix, strlen(scratch_prefix)) &&
        lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid())
        io_remove_tree(path, NULL);
}

/* "x.json.tmp.123": io_write_file() was killed in the middle. */
static bool is_unfinished(const char *name)
{
    const char *mark = strstr(name, ".tmp.");

    return mark && mark[5] && strspn(mark + 5, "0123456789") == strlen(mark + 5);
}

static void sweep(const char *directory)
{
    DIR *d = opendir(directory);
    const struct dirent *entry;

    while (d && (entry = readdir(d)))
        if (is_unfinished(entry->d_name))
            unlinkat(dirfd(d), entry->d_name, 0);
    if (d)
        closedir(d);
}

/* Boxes may run as another user, who must find the way to what is his. */
static int make_scratch(struct class_out *out, struct buf *err)
{
    out->scratch = io_make_temporary(scratch_prefix, err);
    if (!out->scratch)
        return -1;
    if (chmod(out->scratch, 0711) || setenv("TMPDIR", out->scratch, 1))
        return fail_errno(err, "Cannot use the directory %s", out->scratch);
    return 0;
}

static int sign(const struct class_out *out, struct buf *err)
{
    char host[HOST] = "";
    char *text;
    int status = 0;

    gethostname(host, sizeof(host) - 1);
    text = xasprintf("process %d on %s with %s\n", (int)getpid(), host, out->scratch);
    if (ftruncate(out->lock, 0) || pwrite(out->lock, text, strlen(text), 0) < (ssize_t)strlen(text))
        status = fail_errno(err, "Cannot write %s/lock", out->directory);
    free(text);
    return status;
}

static int lock_out(struct class_out *out, struct buf *err)
{
    char *path = io_path(out->directory, "lock");
    struct holder before = {0};
    int status = -1;

    out->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (out->lock < 0) {
        fail_errno(err, "Cannot write %s", path);
    } else if (take_lock(out, &before, err)) {
        close(out->lock);
        out->lock = -1;
    } else {
        remove_scratch(before.scratch);
        sweep(out->directory);
        sweep(out->results);
        sweep(out->students);
        status = 0;
    }
    free(path);
    return status;
}

int class_out_open(
    struct class_out *ret, const char *directory, enum class_out_mode mode, struct buf *err)
{
    *ret = (struct class_out){.lock = -1,
        .directory = xstrdup(directory),
        .results = io_path(directory, "results"),
        .students = io_path(directory, "students"),
        .files = io_path(directory, "files")};
    if (io_make_directories(ret->results, err) || io_make_directories(ret->students, err) ||
        io_make_directories(ret->files, err))
        return -1;
    if (mode == CLASS_OUT_ALONE && lock_out(ret, err))
        return -1;
    if (make_scratch(ret, err))
        return -1;
    return mode == CLASS_OUT_ALONE ? sign(ret, err) : 0;
}

void class_out_release(struct class_out *out)
{
    if (out->scratch)
        io_remove_tree(out->scratch, NULL);
    if (out->lock >= 0) {
        (void)!ftruncate(out->lock, 0);
        close(out->lock);
    }
    free(out->directory);
    free(out->results);
    free(out->students);
    free(out->files);
    free(out->scratch);
}
