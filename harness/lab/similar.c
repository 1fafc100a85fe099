/* SPDX-License-Identifier: MIT */
#include "lab/similar.h"

#include "base/io.h"
#include "lab/processes.h"
#include "report/names.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char sim[] = "/usr/bin/sim_c";

/* Comments become blanks; line ends stay. */
static void blank_comments(char *text)
{
    enum { CODE, LINE, BLOCK, STRING, CHARACTER } state = CODE;

    for (char *c = text; *c; c++) {
        if (state == CODE && c[0] == '/' && (c[1] == '/' || c[1] == '*')) {
            state = c[1] == '/' ? LINE : BLOCK;
            c[0] = c[1] = ' ';
        } else if (state == CODE && (*c == '"' || *c == '\'')) {
            state = *c == '"' ? STRING : CHARACTER;
        } else if ((state == STRING || state == CHARACTER) && *c == '\\' && c[1]) {
            c++;
        } else if ((state == STRING && *c == '"') || (state == CHARACTER && *c == '\'')) {
            state = CODE;
        } else if (state == LINE && *c == '\n') {
            state = CODE;
        } else if (state == BLOCK && c[0] == '*' && c[1] == '/') {
            c[0] = c[1] = ' ';
            state = CODE;
        } else if ((state == LINE || state == BLOCK) && *c != '\n') {
            *c = ' ';
        }
    }
}

/* A line without white space, which is what lines are compared by. */
static void squeeze(const char *line, size_t length, struct buf *ret)
{
    buf_clear(ret);
    for (size_t i = 0; i < length; i++)
        if (!isspace((unsigned char)line[i]))
            buf_putc(ret, line[i]);
}

/* The lines of a text, squeezed. */
static struct names lines_of(const char *text)
{
    struct names lines = NAMES_EMPTY;
    struct buf line = BUF_EMPTY;

    while (*text) {
        size_t length = strcspn(text, "\n");

        squeeze(text, length, &line);
        names_add(&lines, buf_text(&line));
        text += length + (text[length] == '\n');
    }
    buf_release(&line);
    return lines;
}

void similar_strip(const char *text, const char *stub, struct buf *ret)
{
    char *code = xstrdup(text), *given = xstrdup(stub);
    struct names known;
    struct buf line = BUF_EMPTY;

    blank_comments(code);
    blank_comments(given);
    known = lines_of(given);
    for (const char *at = code; *at;) {
        size_t length = strcspn(at, "\n");

        squeeze(at, length, &line);
        /* Braces alone are everybody's. */
        if (line.length > 1 && names_find(&known, buf_text(&line)) == NAMES_NONE)
            buf_append(ret, at, length);
        buf_putc(ret, '\n');
        at += length + (at[length] == '\n');
    }
    names_release(&known);
    buf_release(&line);
    free(code);
    free(given);
}

/* What is compared: file i of the temporary directory is "i.c". */
struct shop {
    char *directory;
    char **names;
    size_t count;
    int *tokens;
};

static void shop_release(struct shop *s)
{
    for (size_t i = 0; i < s->count; i++)
        free(s->names[i]);
    if (s->directory)
        io_remove_tree(s->directory, NULL);
    free(s->directory);
    free(s->names);
    free(s->tokens);
}

static int add_file(
    struct shop *s, const char *name, const char *path, const char *stub, struct buf *err)
{
    struct buf text = BUF_EMPTY, stripped = BUF_EMPTY;
    char *copy = xasprintf("%s/%zu.c", s->directory, s->count);
    int result = io_read_file(path, 0, &text, err);

    if (!result) {
        similar_strip(buf_text(&text), stub, &stripped);
        result = io_write_file(copy, buf_text(&stripped), stripped.length, err);
    }
    if (!result) {
        s->names = xrealloc(s->names, (s->count + 1) * sizeof(*s->names));
        s->names[s->count++] = xstrdup(name);
    }
    buf_release(&text);
    buf_release(&stripped);
    free(copy);
    return result;
}

static int not_hidden(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static int gather(struct shop *s, const struct kit *kit, const struct manifest *m,
    const char *files, struct buf *err)
{
    char *stub_path = kit_path(kit, "tests", m, "stub.c");
    struct dirent **entries = NULL;
    struct buf stub = BUF_EMPTY;
    int count, result = io_read_file(stub_path, 0, &stub, err);

    count = result ? 0 : scandir(files, &entries, not_hidden, alphasort);
    if (count < 0)
        result = fail(err, "%s is missing: grade the class first with `lab class`.", files);
    for (int i = 0; i < count; i++) {
        char *path = xasprintf(
            "%s/%s/%s/%s/%s", files, entries[i]->d_name, m->unit, m->id, m->edit);

        if (!result && io_is_file(path))
            result = add_file(s, entries[i]->d_name, path, buf_text(&stub), err);
        free(path);
        free(entries[i]);
    }
    free(entries);
    free(stub_path);
    buf_release(&stub);
    return result;
}

/* sim_c over all files, each with each; its report is in `ret`. */
static int run_sim(const struct shop *s, struct buf *ret, struct buf *err)
{
    char *report = io_path(s->directory, "report"), run[16];
    const char **argv = xcalloc(s->count + 8, sizeof(*argv));
    char **words = xcalloc(s->count, sizeof(*words));
    size_t n = 0;
    int status = 0, result;
    pid_t pid;

    snprintf(run, sizeof(run), "%d", SIMILAR_RUN);
    argv[n++] = sim;
    argv[n++] = "-e";
    argv[n++] = "-n";
    argv[n++] = "-s";
    argv[n++] = "-r";
    argv[n++] = run;
    for (size_t i = 0; i < s->count; i++)
        argv[n++] = words[i] = xasprintf("%zu.c", i);
    pid = processes_fork();
    if (pid == 0) {
        int out = open(report, O_WRONLY | O_CREAT | O_TRUNC, 0644);

        dup2(out, 1);
        if (chdir(s->directory) == 0)
            execv(sim, (char *const *)argv);
        _exit(127);
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    result = pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0
                 ? io_read_file(report, 0, ret, err)
                 : fail(err, "%s did not work: apt install similarity-tester.", sim);
    for (size_t i = 0; i < s->count; i++)
        free(words[i]);
    free(words);
    free(argv);
    free(report);
    return result;
}

/* A shared run as sim_c reports it, between the files of these numbers. */
struct finding {
    size_t first, second;
    struct similar_run run;
};

struct findings {
    struct finding *items;
    size_t count, capacity;
};

static void add_finding(struct findings *f, struct finding finding)
{
    if (f->count == f->capacity) {
        f->capacity = f->capacity ? 2 * f->capacity : 64;
        f->items = xrealloc(f->items, f->capacity * sizeof(*f->items));
    }
    f->items[f->count++] = finding;
}

/* Lines such as "3.c: line 7-75      |8.c: line 7-75      [346]", the longest runs of all pairs
 * first, after lines such as "File 3.c: 346 tokens, 75 lines". */
static struct findings read_report(struct shop *s, char *report)
{
    struct findings found = {0};
    char *line;

    s->tokens = xcalloc(s->count, sizeof(*s->tokens));
    while ((line = strsep(&report, "\n"))) {
        struct finding f;
        size_t file;
        int tokens;

        if (sscanf(line, "File %zu.c: %d tokens", &file, &tokens) == 2 && file < s->count)
            s->tokens[file] = tokens;
        if (sscanf(line, "%zu.c: line %d-%d |%zu.c: line %d-%d [%d]", &f.first, &f.run.first_from,
                &f.run.first_to, &f.second, &f.run.second_from, &f.run.second_to,
                &f.run.tokens) == 7 &&
            f.first < s->count && f.second < s->count && f.first != f.second)
            add_finding(&found, f);
    }
    return found;
}

/* Pair by pair, and in a pair the longest run first. */
static int by_pair(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->second != y->second)
        return x->second < y->second ? -1 : 1;
    if (x->run.tokens != y->run.tokens)
        return x->run.tokens > y->run.tokens ? -1 : 1;
    return (x->run.first_from > y->run.first_from) - (x->run.first_from < y->run.first_from);
}

static struct similar_pair pair_of(const struct shop *s, const struct finding *f, size_t n)
{
    int a = s->tokens[f->first], b = s->tokens[f->second], smaller = a < b ? a : b, shared = 0;
    struct similar_pair p = {
        .first = xstrdup(s->names[f->first]), .second = xstrdup(s->names[f->second])};

    for (size_t i = 0; i < n; i++) {
        shared += f[i].run.tokens;
        if (p.n_runs < SIMILAR_RUNS)
            p.runs[p.n_runs++] = f[i].run;
    }
    p.percent = smaller ? 100.0 * shared / smaller : 0;
    if (p.percent > 100)
        p.percent = 100;
    return p;
}

static void make_pairs(
    const struct shop *s, struct findings *f, struct similar_pair **pairs, size_t *count)
{
    if (f->count)
        qsort(f->items, f->count, sizeof(*f->items), by_pair);
    *pairs = xcalloc(f->count + 1, sizeof(**pairs));
    for (size_t i = 0, j; i < f->count; i = j) {
        for (j = i + 1; j < f->count && f->items[j].first == f->items[i].first &&
                        f->items[j].second == f->items[i].second;)
            j++;
        (*pairs)[(*count)++] = pair_of(s, &f->items[i], j - i);
    }
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Equal ones by name, so that the list is the same each time. */
static int by_percent(const void *a, const void *b)
{
    const struct similar_pair *x = a, *y = b;
    int order = (y->percent > x->percent) - (y->percent < x->percent);

    if (!order)
        order = strcmp(x->first, y->first);
    return order ? order : strcmp(x->second, y->second);
}

/* The value above which a pair is an outlier: median + 3 scaled median absolute deviations. Pairs
 * that share nothing are not in the list, but count as zeros; when they are most of them, the
 * median and the deviation are zero. */
static double threshold(const struct similar_pair *pairs, size_t count, size_t files)
{
    size_t all = files * (files - 1) / 2;
    double *values, median, limit;

    if (count <= all / 2)
        return SIMILAR_LEAST;
    values = xcalloc(all + 1, sizeof(*values));
    for (size_t i = 0; i < count && i < all; i++)
        values[i] = pairs[i].percent;
    qsort(values, all, sizeof(*values), by_number);
    median = values[all / 2];
    for (size_t i = 0; i < all; i++)
        values[i] = values[i] > median ? values[i] - median : median - values[i];
    qsort(values, all, sizeof(*values), by_number);
    limit = median + 3 * 1.4826 * values[all / 2];
    free(values);
    /* A class that is alike throughout still shows who is (nearly) identical. */
    return limit > 95 ? 95 : limit < SIMILAR_LEAST ? SIMILAR_LEAST : limit;
}

/* Leaves the pairs that are more alike than the class, the most alike first. */
static size_t keep_outliers(struct similar_pair *pairs, size_t count, size_t files)
{
    double limit = threshold(pairs, count, files);
    size_t kept = 0;

    if (count)
        qsort(pairs, count, sizeof(*pairs), by_percent);
    while (kept < count && pairs[kept].percent >= limit)
        kept++;
    for (size_t i = kept; i < count; i++) {
        free(pairs[i].first);
        free(pairs[i].second);
    }
    return kept;
}

int similar_find(const struct kit *kit, const struct manifest *m, const char *files,
    struct similar_pair **ret_pairs, size_t *ret_count, struct buf *err)
{
    struct shop shop = {.directory = io_make_temporary("interleave-similar", err)};
    struct findings found = {0};
    struct buf report = BUF_EMPTY;
    size_t count = 0;
    int result = -1;

    *ret_pairs = NULL;
    *ret_count = 0;
    if (!shop.directory || gather(&shop, kit, m, files, err))
        goto out;
    result = shop.count < 2 ? 0 : run_sim(&shop, &report, err);
    if (result || shop.count < 2)
        goto out;
    found = read_report(&shop, report.data);
    make_pairs(&shop, &found, ret_pairs, &count);
    *ret_count = keep_outliers(*ret_pairs, count, shop.count);
out:
    free(found.items);
    buf_release(&report);
    shop_release(&shop);
    return result;
}

void similar_free(struct similar_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(pairs[i].first);
        free(pairs[i].second);
    }
    free(pairs);
}
