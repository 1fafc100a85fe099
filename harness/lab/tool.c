/* SPDX-License-Identifier: MIT */
#include "lab/tool.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NONE      ((const char *const[]){NULL})

/* DWARF 4, because Valgrind 3.19 cannot read clang's DWARF 5. Frame pointers, because the
 * sanitizers unwind by them. */
const char *const tool_common_compile[] = {"-std=gnu17", "-D_GNU_SOURCE", "-O0", "-g", "-gdwarf-4",
    "-fno-omit-frame-pointer", "-pthread", "-Wall", "-Wextra", NULL};
const char *const tool_common_link[] = {"-pthread", "-fuse-ld=lld", "-Wl,--build-id=none", NULL};

/* clang < 21 leaves out accesses to a field of a structure on the stack, and to an element of an
 * array, even when another thread has its address: it asks whether the address of the *field* has
 * been given away (LLVM pull request 132756, google/sanitizers issue 1181). A check of alignment
 * uses that address as a number, which counts as giving it away; so with it the access is seen.
 * Only the first field and element remain invisible there. */
#define SEE_STACK_FIELDS "-fsanitize=alignment", "-fsanitize-trap=alignment"

/* Options are given completely, so that nothing in a student's object can fill a gap.
 * symbolize=0: addresses become lines in findings.c, outside, where no student code runs. */
#define SANITIZER_COMMON                                                                        \
    "exitcode=66:log_path=%L/report:log_exe_name=0:symbolize=0:handle_abort=0:print_summary=0:" \
    "color=never:allow_user_segv_handler=1"

const struct tool tools[] = {
    {
        .name = "plain",
        .does = "runs the program as it is",
        .package = "build-essential",
        .compile = NONE,
        .link = NONE,
        .wrapper = NONE,
        .environment = NONE,
        .address_space_limit = true,
        .slowdown = 1,
        .memory_mib = 256,
        .cost = 60,
    },
    {
        .name = "asan",
        .does = "finds wrong memory use, undefined behaviour and leaks (ASan, UBSan, LSan)",
        .package = "clang libclang-rt-dev",
        .clang = true,
        .compile = LIST("-fsanitize=address,undefined", "-fno-sanitize-recover=all"),
        .link = LIST("-fsanitize=address,undefined"),
        .wrapper = NONE,
        .environment = LIST(
            "ASAN_OPTIONS=" SANITIZER_COMMON
            ":detect_leaks=1:abort_on_error=0:halt_on_error=1:detect_stack_use_after_return=1",
            "UBSAN_OPTIONS=" SANITIZER_COMMON ":halt_on_error=1:print_stacktrace=1",
            "LSAN_OPTIONS=exitcode=66:print_suppressions=0:report_objects=0"),
        .report = REPORT_SANITIZER,
        .slowdown = 3,
        .memory_mib = 768,
        .cost = 160,
    },
    {
        .name = "tsan",
        .does = "finds data races (ThreadSanitizer)",
        .package = "clang libclang-rt-dev",
        .clang = true,
        .compile = LIST("-fsanitize=thread", SEE_STACK_FIELDS),
        .link = LIST("-fsanitize=thread"),
        .wrapper = NONE,
        /* Leaked threads are the spy's business, lock orders the explorer's: said once, by one. */
        .environment = LIST(
            "TSAN_OPTIONS=" SANITIZER_COMMON
            ":report_bugs=1:halt_on_error=0:report_thread_leaks=0:detect_deadlocks=0:"
            "die_after_fork=0:history_size=4:report_signal_unsafe=0:atexit_sleep_ms=0:"
            "flush_memory_ms=0:second_deadlock_stack=0"),
        .report = REPORT_SANITIZER,
        .no_aslr = true, /* clang < 18 dies where vm.mmap_rnd_bits > 28 */
        .slowdown = 6,
        .memory_mib = 1024,
        .cost = 180,
    },
    {
        .name = "memcheck",
        .does = "finds wrong memory use and leaks without a special build (Valgrind)",
        .package = "valgrind",
        .compile = NONE,
        .link = NONE,
        .wrapper = LIST("/usr/bin/valgrind", "--command-line-only=yes", "--vgdb=no",
            "--tool=memcheck", "--log-file=%L/report.%%p", "--error-exitcode=66",
            "--leak-check=full", "--errors-for-leak-kinds=definite", "--show-leak-kinds=definite",
            "--num-callers=16", "--child-silent-after-fork=no"),
        .environment = LIST("TMPDIR=%L"),
        .report = REPORT_VALGRIND,
        .serves = true,
        .address_space_limit = false,
        .slowdown = 20,
        .memory_mib = 768,
        .cost = 500,
    },
    {
        .name = "helgrind",
        .does = "finds data races by another method (Valgrind)",
        .package = "valgrind",
        .compile = NONE,
        .link = NONE,
        .wrapper = LIST("/usr/bin/valgrind", "--command-line-only=yes", "--vgdb=no",
            "--tool=helgrind", "--log-file=%L/report.%%p", "--error-exitcode=66",
            "--num-callers=16", "--track-lockorders=no", "--history-level=full",
            "--child-silent-after-fork=no"),
        .environment = LIST("TMPDIR=%L"),
        .report = REPORT_VALGRIND,
        .serves = true,
        .slowdown = 20,
        .memory_mib = 768,
        .cost = 450,
    },
    {
        .name = "explore",
        .does = "runs the program under every schedule, or as many as fit (our own)",
        .package = "clang libclang-rt-dev",
        .clang = true,
        /* The compiler's half of ThreadSanitizer with our runtime, as the Linux kernel's KCSAN
           does. */
        .compile = LIST("-fsanitize=thread", SEE_STACK_FIELDS, "-fno-optimize-sibling-calls",
            "-mllvm", "-tsan-instrument-read-before-write"),
        /* The GNU linker: lld 14 does not wrap main and weak references of a static program. */
        .link = LIST("-static", "-fuse-ld=bfd"),
        .wrapper = NONE,
        .environment = NONE,
        .side = SEAM_EXPLORE,
        .slowdown = 6,
        .memory_mib = 1024,
        .cost = 400,
    },
    {
        .name = "coverage",
        .does = "counts which lines ran (gcov, read by gcovr)",
        .package = "gcovr",
        .compile = LIST("--coverage"),
        .link = LIST("--coverage"),
        .wrapper = NONE,
        .environment = NONE,
        .slowdown = 2,
        .memory_mib = 256,
        .cost = 80,
    },
    {0},
};

const struct tool *tool_find(const char *name)
{
    for (const struct tool *t = tools; t->name; t++)
        if (!strcmp(t->name, name))
            return t;
    return NULL;
}

/* "/usr/lib/llvm-18/lib/clang/18/lib/linux/libclang_rt.tsan-x86_64.a" →
 * "/usr/lib/llvm-18/bin/clang" */
static char *compiler_of_runtime(const char *runtime)
{
    const char *lib = strstr(runtime + strlen("/usr/lib/"), "/lib/");
    char *path = xasprintf("%.*s/bin/clang", (int)(lib - runtime), runtime);

    if (access(path, X_OK) == 0)
        return path;
    free(path);
    return NULL;
}

static int llvm_version(const char *path)
{
    return (int)strtol(path + strlen("/usr/lib/llvm-"), NULL, 10);
}

static char *find_clang(void)
{
    glob_t found = {0};
    char *best = NULL;
    int best_version = 0;

    glob("/usr/lib/llvm-*/lib/clang/*/lib/*/libclang_rt.tsan*.a", 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        int version = llvm_version(found.gl_pathv[i]);
        char *path = version > best_version ? compiler_of_runtime(found.gl_pathv[i]) : NULL;

        if (path) {
            free(best);
            best = path;
            best_version = version;
        }
    }
    globfree(&found);
    return best;
}

static char *find_gcc(void)
{
    return access("/usr/bin/gcc", X_OK) == 0 ? xstrdup("/usr/bin/gcc") : NULL;
}

const char *tool_compiler(const struct tool *t, struct buf *err)
{
    static char *found[2];
    const char *given = getenv(t->clang ? "LAB_CLANG" : "LAB_GCC");

    if (given && *given) {
        if (access(given, X_OK) == 0)
            return given;
        fail(err, "%s names %s, which cannot be run.", t->clang ? "LAB_CLANG" : "LAB_GCC", given);
        return NULL;
    }
    if (!found[t->clang])
        found[t->clang] = t->clang ? find_clang() : find_gcc();
    if (!found[t->clang])
        fail(err, "The tool %s needs a compiler that is not installed: apt install %s.", t->name,
            t->package);
    return found[t->clang];
}

static void identity_of(const char *path, struct buf *ret)
{
    struct stat st;

    if (path && stat(path, &st) == 0)
        buf_printf(ret, "%s %lld %lld.%09ld\n", path, (long long)st.st_size,
            (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
    else
        buf_printf(ret, "%s missing\n", path ? path : "compiler");
}

void tool_identity(const struct tool *t, struct buf *ret)
{
    identity_of(tool_compiler(t, NULL), ret);
    if (t->wrapper[0])
        identity_of(t->wrapper[0], ret);
}

char *tool_expand(const char *text, const char *log_directory)
{
    struct buf b = BUF_EMPTY;

    for (; *text; text++) {
        if (text[0] == '%' && text[1] == 'L') {
            buf_puts(&b, log_directory);
            text++;
        } else if (text[0] == '%' && text[1] == '%') {
            buf_putc(&b, *++text);
        } else {
            buf_putc(&b, *text);
        }
    }
    return buf_detach(&b);
}
