/* SPDX-License-Identifier: MIT */
#include "lab/build.h"

#include "base/io.h"
#include "gate/gate.h"
#include "lab/cache.h"
#include "lab/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
    ARGV_MOST = 192,
    SOURCE_MOST = 256 * 1024,
    LOG_MOST = 64 * 1024,
    HEADERS_MOST = 8,
    VISIBLE_MOST = 24,
    SPACE_LEAST = 16 << 20
};

/* One build at work: names that several steps share. */
struct work {
    const struct build_request *q;
    struct build_result *r;
    const char *compiler;
    char *directory; /* private, holds the fixed file names; removed at the end */
    char *cache;
    const char *name;            /* "counter_mutex.c" */
    char *headers[HEADERS_MOST]; /* directories of headers: kit, contract, contracts of `extra` */
    size_t n_headers;
    char *harness;
    struct gate_policy policy;
    struct gate_report gate;
};

/* A command line under construction, with what it must see inside a sandbox. Words are not owned.
 */
struct argv {
    const char *words[ARGV_MOST + 1];
    size_t count;
    struct box_bind visible[VISIBLE_MOST + 1];
    size_t n_visible;
};

static void add(struct argv *a, const char *word)
{
    if (a->count == ARGV_MOST)
        abort(); /* a BUG: the tables are ours */
    a->words[a->count++] = word;
    a->words[a->count] = NULL;
}

static void add_list(struct argv *a, const char *const *words)
{
    for (; words && *words; words++)
        add(a, *words);
}

static void show(struct argv *a, const char *path)
{
    if (a->n_visible == VISIBLE_MOST)
        abort(); /* a BUG, as above */
    a->visible[a->n_visible++] = (struct box_bind){path, path, false};
}

/* Each compiler has its own way to stop a flood of diagnostics. */
static const char *const gcc_limits[] = {
    "-fmax-errors=20", "-fmax-include-depth=40", "-fdiagnostics-color=never", NULL};
static const char *const clang_limits[] = {"-ferror-limit=20", "-fno-crash-diagnostics",
    "-fno-color-diagnostics", "-Wno-unused-command-line-argument", NULL};

static void add_compile_flags(struct work *w, struct argv *a)
{
    add(a, w->compiler);
    add_list(a, tool_common_compile);
    add_list(a, w->q->tool->compile);
    add_list(a, w->q->tool->clang ? clang_limits : gcc_limits);
}

static void add_includes(struct work *w, struct argv *a)
{
    for (size_t i = 0; i < w->n_headers; i++) {
        add(a, "-I");
        add(a, w->headers[i]);
        show(a, w->headers[i]);
    }
}

static struct box_limits compiler_limits(void)
{
    struct box_limits l = box_limits_default();

    l.wall_ms = 20000;
    l.cpu_ms = 20000;
    l.memory_bytes = (size_t)1024 << 20;
    l.address_space_bytes = 0;
    l.tasks = 32;
    l.file_bytes = (size_t)64 << 20;
    l.tmp_bytes = (size_t)128 << 20;
    l.stdout_bytes = 4096;
    l.stderr_bytes = LOG_MOST;
    return l;
}

/* Runs a compiler or linker in the work directory, which comes last among what is visible, because
 * it lies below others. 0: it ran, see `ret`. */
static int run_compiler(
    struct work *w, struct argv *a, enum box_level level, struct box_result *ret, struct buf *err)
{
    const char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TMPDIR=/tmp", NULL};
    const struct box_spec spec = {
        .argv = a->words,
        .envp = environment,
        .cwd = w->directory,
        .binds = a->visible,
        .n_binds = a->n_visible + 1,
        .limits = compiler_limits(),
        .level = level,
        .compiler = true,
    };

    a->visible[a->n_visible] = (struct box_bind){w->directory, w->directory, true};
    trace_compiler(w->directory, a->words);
    return box_run(&spec, ret, err);
}

/* "counter_mutex.c:12:5: error: …" or "… fatal error: …" → a finding at that line. */
static void note_diagnostic(struct work *w, const char *line, size_t length)
{
    char *own = xasprintf("%.*s", (int)length, line), *rest = own;
    const char *file = strsep(&rest, ":"), *number = strsep(&rest, ":");
    char *text = rest ? strstr(rest, "error: ") : NULL;

    if (text && number && !strcmp(io_base_name(file), w->name))
        outcome_add_finding(&w->r->notes, "error", w->name, (int)strtol(number, NULL, 10),
            text + strlen("error: "));
    free(own);
}

static void note_diagnostics(struct work *w, const char *log)
{
    while (*log) {
        size_t length = strcspn(log, "\n");

        note_diagnostic(w, log, length);
        log += length + (log[length] == '\n');
    }
}

static const char *why_stopped(const struct box_result *b)
{
    return b->end == BOX_EXITED ? NULL : box_end_name(b->end);
}

/* The compiler said no: that is a verdict, with the compiler's own words. */
static void refuse(struct work *w, const struct box_result *b, const char *step)
{
    const char *stopped = why_stopped(b);

    w->r->verdict = VERDICT_COMPILE;
    w->r->log = xstrdup(buf_text(&b->err));
    note_diagnostics(w, w->r->log);
    if (stopped)
        w->r->message = xasprintf("The compiler was stopped: %s.", stopped);
    else if (w->r->notes.n_findings)
        w->r->message = xasprintf("%s does not %s: line %d: %s", w->name, step,
            w->r->notes.findings[0].line, w->r->notes.findings[0].text);
    else
        w->r->message = xasprintf("%s does not %s.", w->name, step);
}

/* What every object's key has in common. */
static int key_begin(struct work *w, const char *what, struct cache_key *k, struct buf *err)
{
    struct buf identity = BUF_EMPTY;
    int result = 0;

    tool_identity(w->q->tool, &identity);
    cache_key_text(k, "what", what);
    cache_key_text(k, "compiler", buf_text(&identity));
    cache_key_list(k, "common", tool_common_compile);
    cache_key_list(k, "flag", w->q->tool->compile);
    for (size_t i = 0; !result && i < w->n_headers; i++)
        result = cache_key_directory(k, w->headers[i], ".h", err);
    buf_release(&identity);
    return result;
}

/* One step of the compiler: -E or -c. `source` is a file name in the work directory or a path. The
 * product is `product` in the work directory. 1: the compiler refused. */
static int step(struct work *w, const char *mode, const char *source, const char *product,
    const char *const *extra_flags, struct buf *err)
{
    /* Our own files are no danger, and nothing of the kit needs to be visible for them. */
    enum box_level level = *source == '/' ? BOX_LIMITS : w->q->level;
    struct box_result b = BOX_RESULT_EMPTY;
    struct argv a = {0};
    int result = -1;

    add_compile_flags(w, &a);
    add_includes(w, &a);
    add_list(&a, extra_flags);
    add(&a, mode);
    add(&a, source);
    add(&a, "-o");
    add(&a, product);
    if (run_compiler(w, &a, level, &b, err))
        goto out;
    result = 0;
    if (b.end != BOX_EXITED || b.status != 0) {
        refuse(w, &b, "compile");
        result = 1;
    }
out:
    box_result_release(&b);
    return result;
}

/* Compiles into the cache unless it is there; *ret_object is the path. */
static int compile(struct work *w, const char *source, const char *const *flags, char **ret_object,
    struct buf *err)
{
    struct cache_key k = CACHE_KEY_EMPTY;
    char *object = io_path(w->directory, "object.o"), *path = NULL;
    int result = -1;

    if (key_begin(w, "object", &k, err) || cache_key_source(&k, source, err))
        goto out;
    cache_key_list(&k, "extra", flags);
    path = cache_path(w->cache, &k, ".o");
    result = io_is_file(path) ? 0 : step(w, "-c", source, "object.o", flags, err);
    if (!result && !io_is_file(path))
        result = cache_put(object, path, err);
    if (!result) {
        *ret_object = path;
        path = NULL;
    }
out:
    buf_release(&k.text);
    free(path);
    free(object);
    return result;
}

/* What the gate has to say becomes findings; a refusal decides the verdict. 1: refused. */
static int hear_gate(struct work *w)
{
    for (size_t i = 0; i < w->gate.n_entries; i++) {
        const struct gate_entry *e = &w->gate.entries[i];

        outcome_add_finding(
            &w->r->notes, e->weight == GATE_REFUSE ? "refused" : "note", w->name, e->line, e->text);
    }
    if (!gate_refuses(&w->gate))
        return 0;
    w->r->verdict = VERDICT_REJECTED;
    w->r->message = gate_sentence(&w->policy, &w->gate);
    return 1;
}

/* The gate's second look, at what the preprocessor makes of the file. */
static int gate_tokens(struct work *w, struct buf *err)
{
    struct buf text = BUF_EMPTY;
    char *path = io_path(w->directory, "student.i");
    int result = io_read_file(path, 0, &text, err);

    if (!result)
        gate_check_tokens(&w->policy, buf_text(&text), text.length, &w->gate);
    buf_release(&text);
    free(path);
    return result;
}

/* Preprocess, look, compile what was looked at, look again. The object goes into the cache only
 * when nothing was refused, so what is there was looked at. */
static int compile_students(
    struct work *w, const struct buf *source, char **ret_object, struct buf *err)
{
    struct cache_key k = CACHE_KEY_EMPTY;
    char *object = io_path(w->directory, "object.o"), *path = NULL;
    int result = -1;

    if (key_begin(w, "student", &k, err))
        goto out;
    cache_key_text(&k, "name", w->name);
    cache_key_text(&k, "source", buf_text(source));
    cache_key_list(&k, "allow", w->policy.allow);
    path = cache_path(w->cache, &k, ".o");
    if (!io_is_file(path)) {
        if (w->q->gate)
            gate_check_source(&w->policy, buf_text(source), source->length, &w->gate);
        result = gate_refuses(&w->gate) ? 0 : step(w, "-E", w->name, "student.i", NULL, err);
        if (!result && w->q->gate && !gate_refuses(&w->gate))
            result = gate_tokens(w, err);
        if (!result && !gate_refuses(&w->gate))
            result = step(w, "-c", "student.i", "object.o", NULL, err);
        if (!result && w->q->gate && !gate_refuses(&w->gate))
            result = gate_check_object(&w->policy, object, &w->gate, err);
        if (!result)
            result = hear_gate(w);
        if (!result)
            result = cache_put(object, path, err);
        if (result)
            goto out;
    }
    *ret_object = path;
    path = NULL;
    result = 0;
out:
    buf_release(&k.text);
    free(path);
    free(object);
    return result;
}

/* The student's file under its fixed name in the work directory, so that no path of this machine
 * and no odd name gets into objects or messages. */
static int bring_source(struct work *w, struct buf *ret, struct buf *err)
{
    char *own = io_path(w->directory, w->name);
    int fd, result = io_read_file(w->q->source, SOURCE_MOST, ret, err);

    if (!result) {
        fd = open(own, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (fd < 0 || io_write_all(fd, buf_text(ret), ret->length))
            result = fail_errno(err, "Cannot write %s", own);
        if (fd >= 0)
            close(fd);
    }
    free(own);
    return result;
}

static void add_runtime(struct work *w, struct argv *a, char *words[3])
{
    bool explore = w->q->tool->side == SEAM_EXPLORE;

    words[0] = xasprintf("@%s/%s.wraps", w->q->kit->build, explore ? "explore" : "native");
    words[1] = xasprintf("%s/%s.a", w->q->kit->build, explore ? "libexplore" : "libprobe");
    words[2] = NULL;
    show(a, words[0] + 1);
    show(a, words[1]);
    add(a, words[0]);
    add(a, "-Wl,--whole-archive");
    add(a, words[1]);
    add(a, "-Wl,--no-whole-archive");
}

/* The student's file compiled where it lies, for coverage. */
static int compile_kept(struct work *w, char **ret_object, struct buf *err)
{
    int result = step(w, "-c", w->q->source, "object.o", NULL, err);

    if (!result)
        *ret_object = io_path(w->directory, "object.o");
    return result;
}

/* A number that is drawn once for each cache and never shown. */
static int add_secret(const struct work *w, struct cache_key *k, struct buf *err)
{
    char *path = io_path(w->cache, "secret");
    unsigned char bytes[32];
    int result = 0;

    if (!io_is_file(path)) {
        if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
            result = fail_errno(err, "Cannot draw a random number");
        else if (!(result = io_write_file(path, bytes, sizeof(bytes), err)))
            chmod(path, 0600);
    }
    if (!result)
        result = cache_key_file(k, path, err);
    free(path);
    return result;
}

/* Functions and variables of the kit stand in an order that nobody can know beforehand: how far one
 * is from the student's own is no number that a file could hold. */
static int add_shuffle(
    struct work *w, char *const *objects, struct argv *a, char *words[4], struct buf *err)
{
    static const char *const sections[] = {".text*", ".data*", ".bss*"};
    struct cache_key k = CACHE_KEY_EMPTY;
    unsigned seed;

    if (w->q->tool->side == SEAM_EXPLORE)
        return 0; /* the GNU linker does not shuffle; there the runtime knows whose code calls */
    if (add_secret(w, &k, err)) {
        buf_release(&k.text);
        return -1;
    }
    for (; *objects; objects++)
        cache_key_text(&k, "object", *objects);
    seed = (unsigned)cache_number(&k) >> 1;
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
        add(a, words[i] = xasprintf("-Wl,--shuffle-sections=%s=%u", sections[i], seed));
    return 0;
}

static int link_key(
    struct work *w, char *const *objects, const char *runtime, struct cache_key *k, struct buf *err)
{
    struct buf identity = BUF_EMPTY;
    int result = 0;

    tool_identity(w->q->tool, &identity);
    cache_key_text(k, "what", "program");
    cache_key_text(k, "linker", buf_text(&identity));
    cache_key_list(k, "common", tool_common_link);
    cache_key_list(k, "flag", w->q->tool->link);
    cache_key_stat(k, runtime);
    for (; !result && *objects; objects++)
        cache_key_text(k, "object", *objects); /* the name is a hash of the contents */
    if (w->q->exercise)
        cache_key_list(k, "lib", (const char *const *)w->q->exercise->libs);
    buf_release(&identity);
    (void)err;
    return result;
}

static int link_probe(struct work *w, char **objects, struct buf *err)
{
    struct cache_key k = CACHE_KEY_EMPTY;
    struct box_result b = BOX_RESULT_EMPTY;
    struct argv a = {0};
    char *words[3] = {0}, *shuffle[4] = {0}, *libs[16] = {0};
    char *program = io_path(w->directory, "probe"), *path = NULL;
    int result = -1, n_libs = 0;

    add(&a, w->compiler);
    add_list(&a, tool_common_link);
    add_list(&a, w->q->tool->link);
    for (char **o = objects; *o; o++) {
        add(&a, *o);
        show(&a, *o);
    }
    add_runtime(w, &a, words);
    for (char **l = w->q->exercise ? w->q->exercise->libs : NULL; l && *l && n_libs < 15; l++)
        add(&a, libs[n_libs++] = xasprintf("-l%s", *l));
    if (w->q->tool->side == SEAM_EXPLORE && n_libs)
        add(&a, "-lz"), add(&a, "-lm"); /* a static link wants the libraries' own libraries */
    add(&a, "-o");
    add(&a, "probe");
    if (add_shuffle(w, objects, &a, shuffle, err))
        goto out;
    if (link_key(w, objects, words[1], &k, err))
        goto out;
    path = cache_path(w->cache, &k, ".probe");
    if (!io_is_file(path)) {
        if (run_compiler(w, &a, w->q->level, &b, err))
            goto out;
        if (b.end != BOX_EXITED || b.status != 0) {
            refuse(w, &b, "link");
            result = 1;
            goto out;
        }
        if (cache_put(program, path, err))
            goto out;
    }
    w->r->probe = path;
    path = NULL;
    w->r->verdict = VERDICT_PASS;
    result = 0;
out:
    for (int i = 0; i < n_libs; i++)
        free(libs[i]);
    for (int i = 0; i < 4; i++)
        free(shuffle[i]);
    free(words[0]);
    free(words[1]);
    box_result_release(&b);
    buf_release(&k.text);
    free(path);
    free(program);
    return result;
}

/* Our own files: a refusal by the compiler is a BUG of the kit, not the student's. */
static int compile_ours(
    struct work *w, const char *path, const char *const *flags, char **ret_object, struct buf *err)
{
    int result = compile(w, path, flags, ret_object, err);

    if (result == 1) {
        fail(err, "The kit's own file %s does not compile: %s", path, buf_text(err));
        buf_printf(err, "%s", w->r->log ? w->r->log : "");
        w->r->verdict = VERDICT_HARNESS_ERROR;
        return -1;
    }
    return result;
}

static int compile_kit_files(struct work *w, char **objects, size_t most, struct buf *err)
{
    const struct build_request *q = w->q;
    char *harness_flag = xasprintf("-I%s", w->harness);
    char *probe_flag = xasprintf("-I%s/probe", w->harness);
    const char *const flags[] = {
        harness_flag, probe_flag, "-ffunction-sections", "-fdata-sections", NULL};
    char *probe = q->probe      ? xstrdup(q->probe)
                  : q->exercise ? xasprintf("%s/tests/%s/%s/probe.c", q->kit->root,
                                      q->exercise->unit, q->exercise->id)
                                : NULL;
    size_t n = 0;
    int result = 0;

    if (probe)
        result = compile_ours(w, probe, flags, &objects[n++], err);
    for (char **e = q->exercise ? q->exercise->extra : NULL; !result && e && *e && n < most; e++) {
        char *path = io_path(q->kit->root, *e);

        result = compile_ours(w, path, flags, &objects[n++], err);
        free(path);
    }
    free(probe);
    free(harness_flag);
    free(probe_flag);
    return result;
}

static void work_release(struct work *w)
{
    if (w->directory && !w->q->keep)
        io_remove_tree(w->directory, NULL);
    for (size_t i = 0; i < w->n_headers; i++)
        free(w->headers[i]);
    gate_report_release(&w->gate);
    free(w->directory);
    free(w->cache);
    free(w->harness);
}

/* The directories that a student's #include may lead to: the kit's one header, the contract, and
 * the contracts of the kit files that the exercise builds on ("solutions/U/E/E.c" → labs/U/E). */
static void find_headers(struct work *w)
{
    const struct manifest *m = w->q->exercise;

    w->headers[w->n_headers++] = io_path(w->q->kit->root, "harness/probe/include");
    if (!m)
        return;
    w->headers[w->n_headers++] = kit_path(w->q->kit, "labs", m, NULL);
    for (char **e = m->extra; e && *e && w->n_headers < HEADERS_MOST; e++) {
        const char *below = strchr(*e, '/'), *end = strrchr(*e, '/');

        if (below && end > below && !strncmp(*e, "solutions/", 10))
            w->headers[w->n_headers++] = xasprintf(
                "%s/labs%.*s", w->q->kit->root, (int)(end - below), below);
    }
}

static void set_policy(struct work *w)
{
    const struct manifest *m = w->q->exercise;

    w->policy = (struct gate_policy){
        .tool = w->q->tool->name,
        .file = w->name,
        .allow = m ? (const char *const *)m->allow : NULL,
        .include_roots = (const char *const *)w->headers,
        .n_include_roots = w->n_headers,
    };
    for (char **a = m ? m->allow : NULL; a && *a; a++)
        w->policy.n_allow++;
}

static int need_product(const struct work *w, const char *name, struct buf *err)
{
    char *path = io_path(w->q->kit->build, name);
    int result = io_is_file(path) ? 0 : fail(err, "%s is not built: run `make check`.", path);

    free(path);
    return result;
}

/* Said before the work: a linker on a full disk dies by a signal that explains nothing. */
static int need_space(const char *directory, struct buf *err)
{
    struct statvfs fs;

    if (statvfs(directory, &fs) == 0 && fs.f_bavail * fs.f_frsize < SPACE_LEAST)
        return fail(err, "No space left for %s: a build needs %d MiB. Make room and try again.",
            directory, SPACE_LEAST >> 20);
    return 0;
}

static int work_begin(struct work *w, struct buf *err)
{
    const struct build_request *q = w->q;
    char *top;

    w->compiler = tool_compiler(q->tool, err);
    if (!w->compiler)
        return -1;
    w->name = q->exercise ? q->exercise->edit : io_base_name(q->source);
    w->cache = io_path(q->kit->build, "cache");
    w->harness = io_path(q->kit->root, "harness");
    find_headers(w);
    set_policy(w);
    if (need_product(w, q->tool->side == SEAM_EXPLORE ? "libexplore.a" : "libprobe.a", err) ||
        io_make_directories(w->cache, err) || need_space(w->cache, err))
        return -1;
    if (q->keep) {
        w->directory = xstrdup(q->keep);
        return io_make_directories(q->keep, err);
    }
    top = xasprintf("%s/tmp.XXXXXX", w->cache);
    w->directory = mkdtemp(top) ? top : NULL;
    if (!w->directory) {
        fail_errno(err, "Cannot make the work directory %s", top);
        free(top);
        return -1;
    }
    return io_share_directory(w->directory, err);
}

int build_probe(const struct build_request *q, struct build_result *ret, struct buf *err)
{
    struct work w = {.q = q, .r = ret, .gate = GATE_REPORT_EMPTY};
    struct buf source = BUF_EMPTY;
    char *objects[16] = {0};
    int result = work_begin(&w, err);

    if (result)
        goto out;
    result = q->keep ? compile_kept(&w, &objects[0], err) : bring_source(&w, &source, err);
    if (!result && !q->keep)
        result = compile_students(&w, &source, &objects[0], err);
    if (!result)
        result = compile_kit_files(&w, objects + 1, 14, err);
    if (!result)
        result = link_probe(&w, objects, err);
out:
    for (size_t i = 0; i < 16; i++)
        free(objects[i]);
    buf_release(&source);
    work_release(&w);
    return result < 0 ? -1 : 0;
}

void build_result_release(struct build_result *r)
{
    free(r->probe);
    free(r->message);
    free(r->log);
    outcome_release(&r->notes);
    *r = BUILD_RESULT_EMPTY;
}
