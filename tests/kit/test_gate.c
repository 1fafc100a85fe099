/* SPDX-License-Identifier: MIT */
#include "gate/gate.h"
#include "gate/policy.h"

#include "compiling.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <time.h>

static const char *const allowed[] = {"_exit", "png_*", NULL};

/* All three looks at a text, as one variant sees it. Returns whether it compiles. */
static bool look(const struct variant *v, const char *text, struct gate_report *ret)
{
    struct gate_policy policy = {
        .tool = v->tool, .file = "student.c", .allow = allowed, .n_allow = 2};
    struct compiled c = compiled_from(v, text);
    struct buf err = BUF_EMPTY;

    gate_check_source(&policy, text, strlen(text), ret);
    gate_check_tokens(&policy, buf_text(&c.preprocessed), c.preprocessed.length, ret);
    if (!c.failed)
        cr_assert_eq(gate_check_object(&policy, c.object, ret, &err), 0, "%s", buf_text(&err));
    bool compiles = !c.failed;
    compiled_release(&c);
    buf_release(&err);
    return compiles;
}

static const struct gate_entry *first_refusal(const struct gate_report *report)
{
    for (size_t i = 0; i < report->n_entries; i++)
        if (report->entries[i].weight == GATE_REFUSE)
            return &report->entries[i];
    return NULL;
}

static bool has_entry(
    const struct gate_report *report, const char *rule, const char *name, int line)
{
    for (size_t i = 0; i < report->n_entries; i++)
        if (strcmp(report->entries[i].rule, rule) == 0 &&
            (name == NULL || strcmp(report->entries[i].name, name) == 0) &&
            (line < 0 || report->entries[i].line == line))
            return true;
    return false;
}

static char *say(const struct gate_report *report)
{
    struct buf b = BUF_EMPTY;

    for (size_t i = 0; i < report->n_entries; i++)
        buf_printf(&b, "\n  %s line %d: %s", report->entries[i].rule, report->entries[i].line,
            report->entries[i].text);
    buf_puts(&b, "");
    return buf_detach(&b);
}

/* What is refused: the text, the rule, the name in the message, its line (-1: any), the variant. */
struct refused {
    const char *text, *rule, *name;
    int line;
    int variant; /* index into variants[] */
};

static const struct refused refused[] = {
    /* calls */
    {"#include <unistd.h>\nvoid f(void)\n{\n    sleep(1);\n}\n", "sleep", "sleep", 4, 0},
    {"#include <unistd.h>\nvoid f(void)\n{\n    sleep(1);\n}\n", "sleep", "sleep", 4, 2},
    {"#include <time.h>\nvoid f(void)\n{\n    nanosleep(&(struct timespec){0, 1}, 0);\n}\n",
        "sleep", "nanosleep", 4, 4},
    {"#include <unistd.h>\nunsigned (*nap)(unsigned) = sleep;\n", "sleep", "sleep", 2, 0},
    {"#include <unistd.h>\nlong f(void) { return syscall(39); }\n", "syscall", "syscall", 2, 1},
    {"#include <stdlib.h>\nint f(void) { return system(\"ls\"); }\n", "shell", "system", 2, 0},
    {"#include <stdlib.h>\nvoid f(void) { _Exit(0); }\n", "early-exit", "_Exit", 2, 0},
    {"#include <stdlib.h>\nvoid g(void);\nvoid f(void) { atexit(g); }\n", "at-exit", "atexit", 3,
        0},
    {"#include <dlfcn.h>\nvoid *f(void) { return dlsym(0, \"x\"); }\n", "loading", "dlsym", 2, 0},
    {"#include <signal.h>\nvoid f(void) { kill(-1, 9); }\n", "signal", "kill", 2, 0},
    {"#include <unistd.h>\nvoid f(void) { execl(\"/bin/sh\", \"sh\", (char *)0); }\n", "exec",
        "execl", 2, 0},
    {"#include <sys/socket.h>\nint f(void) { return socket(2, 1, 0); }\n", "network", "socket", 2,
        0},
    {"#include <sys/ptrace.h>\nlong f(void) { return ptrace(0, 1, 0, 0); }\n", "trace", "ptrace", 2,
        0},
    {"int __libc_fork(void);\nint f(void) { return __libc_fork(); }\n", "clone", "__libc_fork", 2,
        0},
    {"void __libc_freeres(void);\nvoid f(void) { __libc_freeres(); }\n", "reserved",
        "__libc_freeres", 2, 0},
    {"void fact_int(const char *, long);\nvoid f(void) { fact_int(\"total\", 3); }\n", "kit",
        "fact_int", 2, 0},
    {"struct board;\nextern struct board *board;\nvoid *f(void) { return board; }\n", "kit",
        "board", 3, 0},
    {"void __real_sem_post(void *);\nvoid f(void) { __real_sem_post(0); }\n", "kit",
        "__real_sem_post", 1, 0},
    /* definitions */
    {"int x;\nint main(void) { return 0; }\n", "main", "main", 2, 0},
    {"int write(int a, const void *b, unsigned long c)\n{\n    return 0;\n}\n", "interpose",
        "write", 1, 0},
    {"int x;\nlong time;\n", "interpose", "time", 2, 0},
    {"void board_create(void) {}\n", "kit", "board_create", 1, 0},
    {"void lab_todo(void) {}\n", "kit", "lab_todo", 1, 0},
    {"const char *__asan_default_options(void) { return \"detect_leaks=0\"; }\n", "sanitizer",
        "__asan_default_options", 1, 2},
    {"int __lsan_is_turned_off(void) { return 1; }\n", "sanitizer", "__lsan_is_turned_off", 1, 0},
    {"void AnnotateIgnoreReadsBegin(const char *f, int l);\nvoid f(void) { "
     "AnnotateIgnoreReadsBegin(0, 0); }\n",
        "sanitizer", "AnnotateIgnoreReadsBegin", 1, 4},
    {"__attribute__((weak)) int f(void) { return 0; }\n", "alias", "weak", 1, 0},
    {"#pragma weak f\nint f(void) { return 0; }\n", "alias", "f", 2, 0},
    /* initialisers, sections */
    {"int x;\n__attribute__((constructor)) static void early(void) { x = 1; }\n", "initialiser",
        "early", 2, 0},
    {"int x;\n__attribute__((constructor(99))) static void early(void) { x = 1; }\n", "initialiser",
        "early", 2, 5},
    {"int x;\n__attribute__((constructor(0))) static void early(void) { x = 1; }\n", "initialiser",
        "early", 2, 4},
    {"int x;\n__attribute__((destructor(1))) static void late(void) { x = 1; }\n", "initialiser",
        "late", 2, 2},
    {"__attribute__((section(\".preinit_array\"), used)) static void *p = (void *)1;\n",
        "initialiser", ".preinit_array", 0, 0},
    {"__attribute__((section(\"lab_scenarios\"), used)) static int p = 1;\n", "section",
        "lab_scenarios", 0, 0},
    {"__attribute__((section(\".text\"))) const unsigned char code[] = {0x90, 0xc3};\n", "section",
        "code", 1, 0},
    {"static int g(void) { return 0; }\nstatic void *pick(void) { return g; }\nint f(void) "
     "__attribute__((ifunc(\"pick\")));\n",
        "alias", "ifunc", 3, 0},
    {"int apply(int (*g)(void)) { return g(); }\nint f(int n)\n{\n    int inner(void) { return n; "
     "}\n    return apply(inner);\n}\n",
        "stack", NULL, -1, 0},
    /* instructions, tokens */
    {"int x;\nvoid f(void)\n{\n    __asm__ volatile(\"syscall\");\n}\n", "asm", "__asm__", 4, 0},
    {"int x;\nvoid f(void)\n{\n    __asm__ volatile(\"syscall\");\n}\n", "syscall", "f", 4, 0},
    {"void f(void) { __asm__ volatile(\"int $0x80\"); }\n", "syscall", "f", 1, 2},
    {"#define GLUE(a, b) a##b\nvoid f(void)\n{\n    GLUE(as, m)(\"nop\");\n}\n", "asm", "asm", 4,
        1},
    {"#define QUIET __attribute__((__no_sanitize_thread__))\nlong n;\nQUIET void f(void) { n++; }\n",
        "sanitizer", "__no_sanitize_thread__", 3, 4},
    {"__attribute__((no_sanitize(\"thread\"))) void f(void) {}\n", "sanitizer", "no_sanitize", 1,
        4},
    {"int g(void);\n[[gnu::constructor]] static void early(void) { g(); }\n", "initialiser",
        "constructor", 2, 0},
    {"<:<:gnu::constructor:>:> static void early(void) {}\n", "initialiser", "constructor", 1, 0},
    {"int g(void) { return 1; }\nint f(void) __attribute__((alias(\"g\")));\n", "alias", "alias", 2,
        0},
    {"int __seg_gs *p;\nint f(void) { return *p; }\n", "asm", "__seg_gs", 1, 0},
    {"#include <stdio.h>\nvoid f(void)\n{\n    fopen(\"/proc/self/maps\", \"r\");\n}\n", "proc",
        "/proc", 4, 0},
    {"#pragma GCC optimize(\"O3\")\nint f;\n", "pragma", NULL, 1, 0},
    {"int x;\n#define P(t) _Pragma(#t)\nP(GCC optimize(\"O3\"))\nint f;\n", "pragma", NULL, 3, 0},
    {"int x;\n#pragma clang attribute push(__attribute__((no_sanitize(\"thread\"))), apply_to = "
     "function)\n#pragma clang attribute pop\n",
        "pragma", "#pragma clang attribute", 2, 1},
    {"#pragma omp parallel for\nint f;\n", "pragma", "#pragma omp", 1, 0},
    /* text */
    {"int x;\n#line 7 \"/usr/include/stdio.h\"\nint y;\n", "line", "#line", 2, 0},
    {"int x;\n# 7 \"/usr/include/stdio.h\" 1 3\nint y;\n", "line", "#line", 2, 0},
    {"int x;\n#li\\\nne 7 \"a\"\nint y;\n", "line", "#line", 2, 0},
    {"int x;\n/**/ %: /* \n */ line 7 \"a\"\nint y;\n", "line", "#line", 2, 0},
    {"#include \"/etc/passwd\"\n", "include", "/etc/passwd", 1, 0},
    {"#include </etc/passwd>\n", "include", "/etc/passwd", 1, 0},
    {"#include \"../../../../../../etc/hostname\"\n", "include", "../../../../../../etc/hostname",
        1, 0},
    {"#define F \"/etc/host\" \"name\"\n#define G \"/etc/hostname\"\n#include G\n", "include",
        "/etc/hostname", -1, 0},
    {"#if __has_include(\"/home/alice/solution.c\")\n#endif\n", "include", "/home/alice/solution.c",
        1, 0},
    {"int x;\rint y;\n", "characters", "\\r", 1, 0},
    {"#ifndef __clang__\nconst char *s = R\"( \" /* )\";\n#line 3 \"x\"\n//*/\n#endif\n",
        "characters", "R", 2, 0},
};

Test(gate, what_is_not_allowed_is_refused_with_its_name_and_line)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const struct refused *r = &refused[i];
        struct gate_report report = GATE_REPORT_EMPTY;

        look(&variants[r->variant], r->text, &report);
        char *said = say(&report);
        cr_expect(has_entry(&report, r->rule, r->name, r->line),
            "expected %s %s in line %d of\n%s\nbut the gate said%s", r->rule,
            r->name ? r->name : "", r->line, r->text, *said ? said : " nothing");
        cr_expect(gate_refuses(&report));
        free(said);
        gate_report_release(&report);
    }
}

static const char honest[] =
    "#include <assert.h>\n#include <complex.h>\n#include <errno.h>\n#include <fcntl.h>\n"
    "#include <math.h>\n#include <pthread.h>\n#include <semaphore.h>\n#include <setjmp.h>\n"
    "#include <signal.h>\n#include <stdatomic.h>\n#include <stdbool.h>\n#include <stdio.h>\n"
    "#include <stdlib.h>\n#include <string.h>\n#include <sys/mman.h>\n#include <sys/socket.h>\n"
    "#include <sys/stat.h>\n#include <sys/select.h>\n#include <sys/wait.h>\n#include <threads.h>\n"
    "#include <time.h>\n#include <unistd.h>\n#include <wchar.h>\n#include <ctype.h>\n"
    "#pragma GCC diagnostic ignored \"-Wunused\"\n"
    "#if __has_include(<threads.h>) && defined __has_include\n#endif\n"
    "int alias = 1, section, naked, shared_counter, arg_count, facts, round_robin;\n"
    "_Thread_local int tl; static __thread int tl2 = 5; _Atomic long at;\n"
    "struct wide { long a, b, c; }; _Atomic struct wide wide;\n"
    "typedef float v4 __attribute__((vector_size(16)));\n"
    "static jmp_buf jump; static int *constructor(int *weak) { return weak; }\n"
    "static void undo(int *p) { (void)p; }\n"
    "static int by_value(const void *a, const void *b) { return *(int *)a - *(int *)b; }\n"
    "static void gone(void *p) { free(p); }\n"
    "static int tally(int n, ...) { __builtin_va_list l; __builtin_va_start(l, n); int x = "
    "__builtin_va_arg(l, int); __builtin_va_end(l); return x; }\n"
    "__attribute__((unused, noinline, format(printf, 1, 2))) static void note(const char *f, ...) "
    "{}\n"
    "int pthread_pool_size; static int syscall_of(int x) { return x; }\n"
    "int helper(int n, double _Complex z, __int128 q, v4 v)\n{\n"
    "    int vla[n]; static void *tab[] = {&&a, &&b}; memset(vla, 0, sizeof vla);\n"
    "    volatile int syscall_number = 0x050f, more = 0x80cd;\n"
    "    goto *tab[n & 1];\n"
    "a:  tl++; at++; alias += ({ int x = n; x * 2; });\n"
    "b:  if (setjmp(jump) == 0) longjmp(jump, 1);\n"
    "    __attribute__((cleanup(undo))) int cc = 1; int hits = 0;\n"
    "    pthread_cleanup_push(gone, malloc(3)); pthread_cleanup_pop(1);\n"
    "    assert(n > 0); z = z * z / z; q = q / 3; v = v * v;\n"
    "    printf(\"%s %d %f %f\\n\", \"proc/self is a path\", errno, creal(z), (double)q);\n"
    "    atomic_store(&at, 4); wide = (struct wide){1, 2, 3}; qsort(vla, n, 4, by_value);\n"
    "    struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); time(NULL);\n"
    "    int pair[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, pair); mkfifo(\"f\", 0600);\n"
    "    sem_t *s = sem_open(\"/s\", O_CREAT, 0600, 1); sem_close(s); sem_unlink(\"/s\");\n"
    "    void *m = mmap(NULL, 4096, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0); munmap(m, 4096);\n"
    "    fd_set fds; FD_ZERO(&fds); FD_SET(pair[0], &fds); wchar_t w[8]; swprintf(w, 8, L\"x\");\n"
    "    if (fork() == 0) _exit(0); wait(NULL); sincosf(1, &(float){0}, &(float){0});\n"
    "    mtx_t mtx; mtx_init(&mtx, mtx_plain); sigset_t set; sigemptyset(&set); lround(2.5);\n"
    "    for (int i = 0; i < n; i++) hits += isalpha(i) != 0; raise(0); fprintf(stderr, \"%m\");\n"
    "    char text[] = \"5\"; int five; sscanf(text, \"%d\", &five); strtol(text, NULL, 10);\n"
    "    return syscall_of(n) + vla[n - 1] + tl2 + hits + isnan(creal(z)) + syscall_number + tally(1, 2) + more;\n}\n";

Test(gate, honest_code_passes_in_every_variant_without_a_word)
{
    for (size_t i = 0; i < N_VARIANTS; i++) {
        struct gate_report report = GATE_REPORT_EMPTY;

        cr_expect(look(&variants[i], honest, &report), "it does not compile");
        char *said = say(&report);
        cr_expect_eq(
            report.n_entries, 0, "%s by %s:%s", variants[i].tool, variants[i].compiler, said);
        free(said);
        gate_report_release(&report);
    }
}

Test(gate, a_harmless_function_that_is_not_listed_is_a_note_and_no_refusal)
{
    struct gate_report report = GATE_REPORT_EMPTY;

    look(&variants[0], "#include <string.h>\nchar *f(char *s) { return strfry(s); }\n", &report);
    cr_expect(has_entry(&report, "unlisted", "strfry", 2));
    cr_expect_not(gate_refuses(&report));
    cr_expect_null(first_refusal(&report));
    gate_report_release(&report);
}

Test(gate, a_name_that_nobody_has_is_left_to_the_linker)
{
    struct gate_report report = GATE_REPORT_EMPTY;

    look(&variants[0],
        "int pthread_mutex_lokc(void *);\nint f(void) { return pthread_mutex_lokc(0) + "
        "teh_function(); }\n",
        &report);
    cr_expect_eq(report.n_entries, 0);
    gate_report_release(&report);
}

Test(gate, the_manifest_lifts_a_ban_and_allows_by_prefix)
{
    struct gate_report report = GATE_REPORT_EMPTY;

    look(&variants[0],
        "#include <unistd.h>\nvoid *png_create_info_struct(void *);\n"
        "void f(void) { png_create_info_struct(0); _exit(1); }\n",
        &report);
    cr_expect_eq(report.n_entries, 0);
    gate_report_release(&report);
}

Test(gate, the_sentence_names_file_line_rule_and_what_to_use_instead)
{
    struct gate_policy policy = {.tool = "plain", .file = "student.c"};
    struct gate_report report = GATE_REPORT_EMPTY;

    look(&variants[0], "#include <unistd.h>\n\nvoid f(void) { usleep(1); }\n", &report);
    char *sentence = gate_sentence(&policy, &report);
    cr_assert_str_eq(sentence,
        "student.c:3: `usleep` is not allowed here: sleeping is not synchronisation, it only makes "
        "a wrong order rarer. Wait for the event itself: pthread_join, a condition variable, a "
        "semaphore, waitpid or read on a pipe.");
    free(sentence);
    gate_report_release(&report);
}

Test(gate, what_was_said_for_one_variant_is_not_said_again)
{
    struct gate_report report = GATE_REPORT_EMPTY;

    for (int i = 0; i < 5; i++)
        look(&variants[i], "#include <unistd.h>\nvoid f(void) { sleep(1); }\n", &report);
    cr_expect_eq(report.n_entries, 1);
    gate_report_release(&report);
}

Test(gate, names_in_messages_are_clean)
{
    struct gate_policy policy = {.tool = "plain", .file = "student.c"};
    struct gate_report report = GATE_REPORT_EMPTY;
    const char text[] = "#include \"/tmp/\033[31mred\xe2\x80\xae\"\n";

    gate_check_source(&policy, text, sizeof text - 1, &report);
    cr_assert_eq(report.n_entries, 1);
    cr_expect_str_eq(report.entries[0].name, "/tmp/\\x1b[31mred\\u202e");
    gate_report_release(&report);
}

Test(gate, the_kit_s_own_roots_may_be_included)
{
    const char *roots[] = {"/kit/include", "/kit/labs/x/"};
    struct gate_policy policy = {
        .tool = "plain", .file = "student.c", .include_roots = roots, .n_include_roots = 2};
    struct gate_report report = GATE_REPORT_EMPTY;
    const char text[] = "# 1 \"/box/student.c\"\n# 1 \"/kit/include/interleave.h\" 1\n"
                        "__attribute__((constructor)) int x;\n# 1 \"/kit/labs/x/x.h\" 1\nint y;\n"
                        "# 2 \"/box/student.c\" 2\nint z;\n";
    const char bad[] = "# 1 \"/box/student.c\"\n# 1 \"/kit/include/../../etc/passwd\" 1\n";

    gate_check_tokens(&policy, text, sizeof text - 1, &report);
    cr_expect_eq(report.n_entries, 0);
    gate_check_tokens(&policy, bad, sizeof bad - 1, &report);
    cr_expect_eq(report.n_entries, 1);
    gate_report_release(&report);
}

Test(gate, a_file_that_is_no_object_is_an_error_and_no_verdict)
{
    struct gate_policy policy = {.tool = "plain", .file = "student.c"};
    struct gate_report report = GATE_REPORT_EMPTY;
    struct buf err = BUF_EMPTY;

    cr_expect_eq(gate_check_object(&policy, "/nonexistent.o", &report, &err), -1);
    cr_expect(strstr(buf_text(&err), "/nonexistent.o") != NULL);
    cr_expect_eq(gate_check_object(&policy, "/etc/passwd", &report, &err), -1);
    cr_expect_eq(gate_check_object(&policy, "/proc/self/exe", &report, &err), -1);
    cr_expect_eq(report.n_entries, 0);
    buf_release(&err);
}

/* Objects cut off or with flipped bytes: refused, an error or passed, never a crash. */
Test(gate, damaged_objects_do_no_harm)
{
    struct compiled c = compiled_from(&variants[2], honest);
    struct gate_policy policy = {.tool = "asan", .file = "student.c"};
    struct buf whole = BUF_EMPTY;
    char *path = io_path(c.directory, "damaged.o");

    cr_assert_eq(io_read_file(c.object, 0, &whole, NULL), 0);
    srand(4);
    for (int i = 0; i < 300; i++) {
        struct gate_report report = GATE_REPORT_EMPTY;
        struct buf damaged = BUF_EMPTY, err = BUF_EMPTY;
        size_t length = i % 2 ? whole.length : whole.length * (size_t)i / 300;

        buf_append(&damaged, whole.data, length);
        for (int flips = i / 4; flips > 0 && length > 0; flips--)
            damaged.data[(size_t)rand() % length] ^= (char)(1 << rand() % 8);
        io_write_file(path, buf_text(&damaged), damaged.length, NULL);
        gate_check_object(&policy, path, &report, &err);
        gate_report_release(&report);
        buf_release(&damaged);
        buf_release(&err);
    }
    cr_expect(true);
    free(path);
    buf_release(&whole);
    compiled_release(&c);
}

static double milliseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

Test(gate, an_object_costs_less_than_15_ms)
{
    struct compiled c = compiled_from(&variants[2], honest);
    struct gate_policy policy = {
        .tool = "asan", .file = "student.c", .allow = allowed, .n_allow = 1};
    struct gate_report report = GATE_REPORT_EMPTY;
    double start = milliseconds();

    gate_check_source(&policy, honest, strlen(honest), &report);
    double source = milliseconds();
    gate_check_tokens(&policy, buf_text(&c.preprocessed), c.preprocessed.length, &report);
    double tokens = milliseconds();
    gate_check_object(&policy, c.object, &report, NULL);
    double object = milliseconds();
    cr_log_info("source %.2f ms, tokens %.2f ms, object %.2f ms", source - start, tokens - source,
        object - tokens);
    cr_expect_lt(object - start, 15.0, "it took %.1f ms", object - start);
    gate_report_release(&report);
    compiled_release(&c);
}

Test(policy, lists_match_whole_words_and_prefixes)
{
    static const struct {
        const char *names, *name;
        bool listed;
    } rows[] = {
        {"a bc d", "bc", true},
        {"a bc d", "b", false},
        {"a bc d", "c", false},
        {"a bc d", "", false},
        {"", "a", false},
        {"x* y", "x", true},
        {"x* y", "xyz", true},
        {"x* y", "yx", false},
        {"ab", "abc", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(policy_listed(rows[i].names, rows[i].name), rows[i].listed, "row %zu", i);
}

Test(policy, uses_are_known_by_tool)
{
    cr_expect_eq(policy_use("tsan", "__tsan_read4"), POLICY_TOOL);
    cr_expect_eq(policy_use("plain", "__tsan_read4"), POLICY_RESERVED);
    cr_expect_eq(policy_use("asan", "__asan_report_load4"), POLICY_TOOL);
    cr_expect_eq(policy_use("asan", "__asan_unpoison_memory_region"), POLICY_RESERVED);
    cr_expect_eq(policy_use("plain", "sinf"), POLICY_BASE);
    cr_expect_eq(policy_use("plain", "pread64"), POLICY_BASE);
    cr_expect_eq(policy_use("plain", "lab_todo"), POLICY_BASE);
    cr_expect_eq(policy_use("plain", "spy"), POLICY_KIT);
    cr_expect_eq(policy_use("plain", "my_own_function"), POLICY_UNKNOWN);
}
