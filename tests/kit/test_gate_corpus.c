/* SPDX-License-Identifier: MIT */
/*
 * The corpus of hostile and of odd honest programs, seen by the gate alone: whatever is expected to
 * be REJECTED is, by some variant; of everything else nothing is. What the rest of the kit makes of
 * them is for tests/kit/hostile/run.sh.
 */
#include "base/clean.h"
#include "gate/gate.h"

#include "compiling.h"

#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <unistd.h>

#define CORPUS "tests/kit/hostile/"

/* The sample with sample.h in the place where it includes it; its first line says what is expected.
 */
static char *read_sample(const char *path)
{
    static const char include[] = "#include \"sample.h\"\n";
    struct buf text = BUF_EMPTY, body = BUF_EMPTY, err = BUF_EMPTY;

    cr_assert_eq(io_read_file(path, 0, &text, &err), 0, "%s", buf_text(&err));
    cr_assert_eq(io_read_file(CORPUS "sample.h", 0, &body, &err), 0, "%s", buf_text(&err));
    const char *at = strstr(buf_text(&text), include);
    if (at == NULL) {
        buf_release(&body);
        return buf_detach(&text);
    }
    char *whole = xasprintf("%.*s%s%s", (int)(at - buf_text(&text)), buf_text(&text),
        buf_text(&body), at + strlen(include));
    buf_release(&text);
    buf_release(&body);
    return whole;
}

static bool expects(const char *sample, const char *verdict)
{
    const char *end = strchr(sample, '\n');
    const char *found = strstr(sample, verdict);

    cr_assert(strncmp(sample, "// expect: ", 11) == 0, "no expectation in %.40s", sample);
    return found != NULL && found < end;
}

/* All that the gate says of a sample, over these variants. Returns how many compiled. */
static int look(const char *sample, const int *which, int count, struct gate_report *ret)
{
    char *directory = get_current_dir_name();
    char *contract = io_path(directory, "labs/2-races/counter_mutex");
    char *kit = io_path(directory, "harness/probe/include");
    const char *roots[] = {contract, kit, NULL};
    int compiled = 0;

    gate_check_source(
        &(struct gate_policy){.tool = "plain", .file = "student.c"}, sample, strlen(sample), ret);
    for (int i = 0; i < count; i++) {
        struct gate_policy policy = {.tool = variants[which[i]].tool,
            .file = "student.c",
            .include_roots = roots,
            .n_include_roots = 2};
        struct compiled c = {0};

        if (gate_refuses(ret))
            break;
        c = compiled_with(&variants[which[i]], sample, roots);
        gate_check_tokens(&policy, buf_text(&c.preprocessed), c.preprocessed.length, ret);
        if (!c.failed)
            cr_assert_eq(gate_check_object(&policy, c.object, ret, NULL), 0);
        compiled += !c.failed;
        compiled_release(&c);
    }
    free(directory);
    free(contract);
    free(kit);
    return compiled;
}

/* Macro bombs and endless includes need the box's limits: they are not for a bare compiler. */
static bool needs_limits(const char *path)
{
    static const char *const names[] = {"includes_itself", "macro_bomb", "huge_array",
        "deep_nesting", "many_errors", "large_object"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strstr(path, names[i]) != NULL)
            return true;
    return false;
}

static void check_sample(const char *path, const int *which, int count)
{
    struct gate_report report = GATE_REPORT_EMPTY;
    struct gate_policy policy = {.file = io_base_name(path)};
    char *sample = read_sample(path);
    int compiled = look(sample, which, count, &report);
    char *sentence = gate_sentence(&policy, &report);

    if (expects(sample, "REJECTED")) {
        cr_expect(sentence != NULL, "%s went through the gate", path);
    } else {
        cr_expect(sentence == NULL, "%s was refused: %s", path, sentence);
        cr_expect(expects(sample, "COMPILE") || compiled == count, "%s does not compile", path);
    }
    free(sentence);
    free(sample);
    gate_report_release(&report);
}

static void check_all(const char *pattern, const int *which, int count, size_t least)
{
    glob_t found;

    cr_assert_eq(glob(pattern, 0, NULL, &found), 0, "run this test from the project's root");
    cr_expect_geq(found.gl_pathc, least);
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (!needs_limits(found.gl_pathv[i]))
            check_sample(found.gl_pathv[i], which, count);
    globfree(&found);
}

Test(gate_corpus, every_sample_that_is_to_be_rejected_is_and_no_other, .timeout = 120)
{
    /* gcc as it is, clang for TSan: a constructor may hide from one of them. */
    check_all(CORPUS "*.c", (const int[]){0, 4}, 2, 60);
}

Test(gate_corpus, honest_samples_pass_in_every_variant, .timeout = 120)
{
    check_all(CORPUS "honest/*.c", (const int[]){0, 2, 4, 6}, 4, 15);
}

/* Which of the three looks refuses a sample, each asked alone. */
enum { SOURCE = 1, TOKENS = 2, OBJECT = 4 };

static int refused_by(const char *path, int variant)
{
    char *root = get_current_dir_name(), *sample = read_sample(path);
    char *contract = io_path(root, "labs/2-races/counter_mutex");
    char *kit = io_path(root, "harness/probe/include");
    const char *roots[] = {contract, kit, NULL};
    const struct gate_policy policy = {.tool = variants[variant].tool,
        .file = "student.c",
        .include_roots = roots,
        .n_include_roots = 2};
    struct gate_report said[3] = {GATE_REPORT_EMPTY, GATE_REPORT_EMPTY, GATE_REPORT_EMPTY};
    struct compiled c = compiled_with(&variants[variant], sample, roots);
    int result = 0;

    gate_check_source(&policy, sample, strlen(sample), &said[0]);
    gate_check_tokens(&policy, buf_text(&c.preprocessed), c.preprocessed.length, &said[1]);
    if (!c.failed)
        gate_check_object(&policy, c.object, &said[2], NULL);
    for (int i = 0; i < 3; i++) {
        result |= gate_refuses(&said[i]) << i;
        gate_report_release(&said[i]);
    }
    compiled_release(&c);
    free(sample), free(contract), free(kit), free(root);
    return result;
}

Test(gate_corpus, each_look_refuses_what_the_others_cannot_see)
{
    static const struct {
        const char *sample;
        int look;
        int variant; /* 0: gcc as it is, 4: TSan */
    } only[] = {
        {"false_lines", SOURCE, 0},
        {"asks_what_exists", SOURCE, 0},
        {"hidden_assembly", TOKENS, 0},
        {"not_sanitized", TOKENS, 4},
        {"naps_by_pointer", OBJECT, 0},
        {"own_malloc", OBJECT, 4},
        {"executable_stack", OBJECT, 0},
        /* and one variant is not enough */
        {"constructor_for_tsan_only", 0, 0},
        {"constructor_for_tsan_only", TOKENS | OBJECT, 4},
    };

    for (size_t i = 0; i < sizeof only / sizeof *only; i++) {
        char *path = xasprintf(CORPUS "%s.c", only[i].sample);

        cr_expect_eq(refused_by(path, only[i].variant), only[i].look, "%s: by %d", path,
            refused_by(path, only[i].variant));
        free(path);
    }
}

/* Three looks at a reference solution. An exercise may build on the contract of another one:
 * `roots` has the headers of all. */
static void check_solution(const char *path, const char *const *roots, size_t n_roots)
{
    const char *allow[] = {"_exit", "png_*"};
    struct gate_report report = GATE_REPORT_EMPTY;
    struct buf text = BUF_EMPTY;

    cr_assert_eq(io_read_file(path, 0, &text, NULL), 0);
    for (int v = 0; v < 7; v += 2) {
        struct gate_policy policy = {.tool = variants[v].tool,
            .file = "student.c",
            .allow = allow,
            .n_allow = 2,
            .include_roots = roots,
            .n_include_roots = n_roots};
        struct compiled c = compiled_with(&variants[v], buf_text(&text), roots);

        gate_check_source(&policy, buf_text(&text), text.length, &report);
        gate_check_tokens(&policy, buf_text(&c.preprocessed), c.preprocessed.length, &report);
        cr_expect_not(c.failed, "%s does not compile", path);
        if (!c.failed)
            gate_check_object(&policy, c.object, &report, NULL);
        compiled_release(&c);
    }
    char *sentence = gate_sentence(&(struct gate_policy){.file = path}, &report);
    cr_expect(sentence == NULL, "%s", sentence);
    free(sentence);
    buf_release(&text);
    gate_report_release(&report);
}

Test(gate_corpus, solutions_pass_in_every_variant, .timeout = 120)
{
    enum { ROOTS_MOST = 60 };
    const char *roots[ROOTS_MOST + 2] = {0};
    char *root = get_current_dir_name();
    glob_t found, contracts;

    cr_assert_eq(glob("labs/*/*/", 0, NULL, &contracts), 0);
    cr_assert_leq(contracts.gl_pathc, ROOTS_MOST);
    roots[0] = io_path(root, "harness/probe/include");
    for (size_t i = 0; i < contracts.gl_pathc; i++)
        roots[i + 1] = io_path(root, contracts.gl_pathv[i]);
    cr_assert_eq(glob("solutions/*/*/*.c", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        check_solution(found.gl_pathv[i], roots, contracts.gl_pathc + 1);
    globfree(&found);
    globfree(&contracts);
    free(root);
}
