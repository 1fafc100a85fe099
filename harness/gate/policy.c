/* SPDX-License-Identifier: MIT */
#include "gate/policy.h"

#include "gate/policy_names.h"

#include <string.h>

/* Functions. The manifest's `allow` lifts a ban, so what some exercise teaches may stand here. */
static const struct gate_ban function_bans[] = {
    {"sleep usleep nanosleep clock_nanosleep thrd_sleep", "sleep",
        "sleeping is not synchronisation, it only makes a wrong order rarer. Wait for the event "
        "itself: pthread_join, a condition variable, a semaphore, waitpid or read on a pipe"},
    {"pause alarm ualarm setitimer timer_create timer_settime timerfd_create timerfd_settime",
        "timer",
        "an alarm clock is a guess about other tasks. Wait for the event itself, or give "
        "pthread_cond_timedwait or sem_timedwait a limit"},
    {"syscall __syscall _syscall", "syscall",
        "call the C library's function for it, so that the tools can see what happens"},
    {"clone clone3 __clone __clone2 _Fork __libc_fork __fork vfork __vfork", "clone",
        "use pthread_create for a thread and fork for a process"},
    {"dlopen dlmopen dlsym dlvsym dladdr dladdr1 dlinfo dlclose dlerror dl_iterate_phdr "
     "iconv_open iconv",
        "loading",
        "nothing is loaded or looked up while the program runs. Call the function by its name"},
    {"etext edata end getauxval program_invocation_name program_invocation_short_name backtrace "
     "backtrace_symbols backtrace_symbols_fd pthread_getattr_np",
        "layout",
        "where the program, its parts and its stacks lie is no part of any exercise. Leave it out"},
    {"atexit on_exit at_quick_exit __cxa_atexit __cxa_at_quick_exit __cxa_thread_atexit_impl "
     "pthread_atfork __register_atfork",
        "at-exit",
        "code that runs when your function is over belongs to nobody. Undo a thing "
        "at the end of the function that did it"},
    {"_exit _Exit quick_exit", "early-exit",
        "it ends the whole program and the check with it. Return from your function"},
    {"system popen pclose wordexp", "shell", "a shell can do anything. Write the work in C"},
    {"execl execle execlp execv execve execvp execvpe execveat fexecve posix_spawn posix_spawnp",
        "exec", "this exercise starts no other programs. A child of fork goes on in your own code"},
    {"ptrace process_vm_* process_madvise process_mrelease pidfd_* kcmp prctl arch_prctl "
     "personality profil sprofil modify_ldt",
        "trace", "a program here leaves other processes and its own machinery alone"},
    {"kill killpg tgkill tkill sigqueue pthread_sigqueue gsignal", "signal",
        "ask a task to stop instead: a flag under the lock, a DONE item in the queue, the closed "
        "end of a pipe. Then wait for it"},
    {"setsid setpgid setpgrp daemon tcsetpgrp vhangup", "session",
        "children stay where they are, so that you can wait for every one of them"},
    {"socket bind listen accept accept4 connect sendto recvfrom getaddrinfo gethostby* getnameinfo "
     "getifaddrs if_* rcmd* rexec* ruserok* iruserok* rresvport* bindresvport res_* ns_*",
        "network", "there is no network. Use pipe or socketpair between your tasks"},
    {"mprotect pkey_* remap_file_pages brk sbrk", "memory",
        "what memory may do stays as it is. Use malloc, or mmap for memory that processes share"},
    {"getcontext setcontext makecontext swapcontext sigreturn", "context",
        "the tools cannot follow a stack that is swapped by hand. Use a thread"},
    {"setrlimit prlimit ulimit vlimit nice setpriority sched_setscheduler sched_setparam "
     "sched_setattr",
        "limits", "limits and priorities are the kit's. A right program is right under any"},
    {"mount umount umount2 unshare setns pivot_root chroot move_mount mount_setattr open_tree fsopen "
     "fsmount fsconfig fspick name_to_handle_at open_by_handle_at swapon swapoff reboot acct "
     "quotactl init_module delete_module klogctl iopl ioperm settimeofday clock_settime adjtime* "
     "clock_adjtime ntp_adjtime stime sethostname setdomainname sethostid setuid seteuid setreuid "
     "setresuid setgid setegid setregid setresgid setgroups initgroups setfsuid setfsgid capset "
     "mknod mknodat fanotify_init",
        "system", "this belongs to the system and its administrator, no exercise needs it"},
    {"mcheck mtrace muntrace mcheck_check_all mcheck_pedantic register_printf_* moncontrol "
     "monstartup __monstartup __libc_system __libc_start_main",
        "hook", "it changes how the C library works. Call the library as it is"},
    {"gets", "unsafe", "it writes beyond the array whenever a line is longer. Use fgets"},
};

static const struct gate_ban attribute_bans[] = {
    {"constructor destructor init_priority", "initialiser",
        "code that runs before or after the test belongs to nobody. Do it in the function that "
        "needs it; pthread_once does a thing once"},
    {"no_sanitize no_sanitize_* no_address_safety_analysis disable_sanitizer_instrumentation "
     "no_instrument_function no_profile_instrument_function patchable_function_entry",
        "sanitizer", "it hides code from the tools. Repair what they report"},
    {"section", "section", "where code and data lie is the linker's business. Leave it out"},
    {"ifunc alias weakref weak symver target_clones cpu_dispatch cpu_specific no_icf", "alias",
        "it gives a name two meanings. Call one function from the other"},
    {"naked interrupt interrupt_handler no_caller_saved_registers address_space", "asm",
        "it is for code without C around it. Write a plain function"},
    {"optimize target", "flags",
        "how the code is compiled is the same for everybody. Leave it out"},
};

static const struct gate_ban token_bans[] = {
    {"asm __asm __asm__ __seg_fs __seg_gs __builtin_thread_pointer __builtin_set_thread_pointer "
     "__builtin_ia32_rdfsbase* __builtin_ia32_wrfsbase* __builtin_ia32_rdgsbase* "
     "__builtin_ia32_wrgsbase* __builtin_return_address __builtin_frame_address "
     "__builtin_extract_return_addr __builtin_frob_return_addr __builtin_eh_return "
     "__builtin_apply* __builtin_return __builtin_unwind_init __builtin_dwarf_cfa "
     "__builtin_stack_address",
        "asm",
        "machine code is invisible to the tools. C can do it; <stdatomic.h> has the "
        "operations that need one instruction"},
    {"__tsan_* __asan_* __lsan_* __ubsan_* __msan_* __hwasan_* __sanitizer_* __dfsan_* __xray_* "
     "__interceptor_* AnnotateHappens* AnnotateIgnore* AnnotateRWLock* AnnotateBenignRace* "
     "AnnotateNewMemory AnnotateMutexIs* AnnotateExpectRace AnnotateFlush* AnnotateThreadName "
     "AnnotateEnableRace* AnnotateCond* AnnotatePublish* AnnotateUnpublish* AnnotatePCQ* "
     "AnnotateTraceMemory AnnotateNoOp WTFAnnotate* RunningOnValgrind ValgrindSlowdown",
        "sanitizer", "it speaks to the tool that watches the program. Repair what it reports"},
    {"__wrap_* __real_*", "kit", "names like this are the kit's. Choose another one"},
};

/* What of the kit an object may not call. lab_todo() is the one exception. */
static const char kit_names[] =
    "board board_* lab_* scenario_* spy spy_* seam_* __wrap_* __real_* __start_lab_* __stop_lab_* "
    "fact_int fact_str fact_bool fact_ints fact_fingerprint fingerprint arg_int arg_ints arg_str "
    "arg_given meet inside_enter inside_leave inside_peak shared_add shared_get shared_memory "
    "my_pid my_tid open_descriptors";

/* What each way of building puts into an object by itself. */
struct tool_row {
    const char *tools;
    const char *callbacks;
    const char *definitions;
    const char *sections;
    const char *initialisers; /* each at most once, with one entry */
};

static const struct tool_row tool_rows[] = {
    {"asan",
        "__asan_init __asan_version_mismatch_check_* __asan_register_* __asan_unregister_* "
        "__asan_load* __asan_store* __asan_exp_* __asan_report_* __asan_handle_no_return "
        "__asan_stack_malloc_* __asan_stack_free_* __asan_set_shadow_* __asan_alloca_poison "
        "__asan_allocas_unpoison __asan_poison_stack_memory __asan_unpoison_stack_memory "
        "__asan_before_dynamic_init __asan_after_dynamic_init __asan_memcpy __asan_memset "
        "__asan_memmove __asan_option_detect_stack_use_after_return "
        "__asan_shadow_memory_dynamic_address __asan_poison_cxx_array_cookie __start_asan_globals "
        "__stop_asan_globals __ubsan_handle_* __sanitizer_ptr_cmp __sanitizer_ptr_sub",
        "__odr_asan.* __odr_asan_gen_* ___asan_gen_* ___asan_globals_registered",
        "asan_globals .group", ".init_array.1 .fini_array.1 .init_array.00099 .fini_array.00099"},
    {"tsan explore",
        "__tsan_init __tsan_func_entry __tsan_func_exit __tsan_read* __tsan_write* "
        "__tsan_unaligned_* __tsan_volatile_* __tsan_vptr_* __tsan_atomic* __tsan_mem*",
        "", ".group", ".init_array.0 .init_array.00099"},
    {"coverage", "__gcov_* __llvm_*", "__profc_* __profd_* __covrec_* __llvm_*", "__llvm_* .group",
        ".init_array.00100 .fini_array.00100"},
};

static const char plain_sections[] =
    ".text .text.* .data .data.* .bss .bss.* .rodata .rodata.* .tdata .tdata.* .tbss .tbss.* "
    ".lbss .lrodata .ldata .comment .note.GNU-stack .note.gnu.property .eh_frame .debug_* .rela* "
    ".rel.* .symtab .symtab_shndx .strtab .shstrtab .llvm_addrsig .gnu_debuglink";

static const char initialiser_sections[] =
    ".init .fini .init_array .init_array.* .fini_array .fini_array.* .preinit_array "
    ".preinit_array.* .ctors .ctors.* .dtors .dtors.*";

static const char fine_pragmas[][16] = {"GCC diagnostic", "clang diagnostic", "GCC unroll",
    "GCC ivdep", "GCC warning", "GCC error", "GCC poison", "clang loop", "unroll", "nounroll",
    "STDC", "pack", "push_macro", "pop_macro", "once", "mark", "region", "endregion", "message"};

/* Where compilers and the C library keep their headers. */
static const char *const system_headers[] = {
    "/usr/include/", "/usr/lib/gcc/", "/usr/lib/llvm-", "/usr/lib/clang/", "/usr/local/include/"};

bool policy_listed(const char *names, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = names; *at != '\0';) {
        size_t word = strcspn(at, " ");

        if (word > 0 && at[word - 1] == '*') {
            if (length >= word - 1 && memcmp(at, name, word - 1) == 0)
                return true;
        } else if (word == length && memcmp(at, name, word) == 0) {
            return true;
        }
        at += word + (at[word] == ' ');
    }
    return false;
}

static bool listed_anywhere(const char *const *lists, const char *name)
{
    for (; *lists != NULL; lists++)
        if (policy_listed(*lists, name))
            return true;
    return false;
}

/* sinf and sinl are sin. */
static bool is_math(const char *name)
{
    char stem[32];
    size_t length = strlen(name);

    if (policy_listed(policy_math_names, name))
        return true;
    if (length < 2 || length >= sizeof stem || strchr("fl", name[length - 1]) == NULL)
        return false;
    memcpy(stem, name, length - 1);
    stem[length - 1] = '\0';
    return policy_listed(policy_math_names, stem);
}

/* pread64 is pread, with files beyond 2 GiB. */
static bool is_base(const char *name)
{
    char stem[32];
    size_t length = strlen(name);

    if (listed_anywhere(policy_base_names, name))
        return true;
    if (length < 3 || length - 2 >= sizeof stem || strcmp(name + length - 2, "64") != 0)
        return false;
    memcpy(stem, name, length - 2);
    stem[length - 2] = '\0';
    return listed_anywhere(policy_base_names, stem);
}

static const struct tool_row *find_tool(const char *tool)
{
    static const struct tool_row plain = {"", "", "", "", ""};

    for (size_t i = 0; i < sizeof tool_rows / sizeof *tool_rows; i++)
        if (policy_listed(tool_rows[i].tools, tool))
            return &tool_rows[i];
    return &plain;
}

enum policy_use policy_use(const char *tool, const char *name)
{
    if (strcmp(name, "lab_todo") == 0)
        return POLICY_BASE;
    if (policy_listed(find_tool(tool)->callbacks, name))
        return POLICY_TOOL;
    if (listed_anywhere(policy_compiler_names, name) || is_base(name) || is_math(name))
        return POLICY_BASE;
    if (policy_listed(kit_names, name))
        return POLICY_KIT;
    return name[0] == '_' ? POLICY_RESERVED : POLICY_UNKNOWN;
}

static const struct gate_ban *find_ban(const struct gate_ban *bans, size_t n_bans, const char *name)
{
    for (size_t i = 0; i < n_bans; i++)
        if (policy_listed(bans[i].names, name))
            return &bans[i];
    return NULL;
}

const struct gate_ban *policy_ban(const char *name)
{
    return find_ban(function_bans, sizeof function_bans / sizeof *function_bans, name);
}

const struct gate_ban *policy_ban_token(const char *name)
{
    return find_ban(token_bans, sizeof token_bans / sizeof *token_bans, name);
}

/* Attributes may be written with two underscores on either side. */
const struct gate_ban *policy_ban_attribute(const char *name)
{
    char bare[64];
    size_t length = strlen(name);

    if (length > 4 && length < sizeof bare && strncmp(name, "__", 2) == 0 &&
        strcmp(name + length - 2, "__") == 0) {
        memcpy(bare, name + 2, length - 4);
        bare[length - 4] = '\0';
        name = bare;
    }
    return find_ban(attribute_bans, sizeof attribute_bans / sizeof *attribute_bans, name);
}

bool policy_pragma_is_fine(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof fine_pragmas / sizeof *fine_pragmas; i++) {
        size_t word = strnlen(fine_pragmas[i], sizeof *fine_pragmas);

        if (length >= word && memcmp(text, fine_pragmas[i], word) == 0 &&
            (length == word || strchr(" \t(", text[word]) != NULL))
            return true;
    }
    return false;
}

bool policy_section_is_fine(const char *tool, const char *name)
{
    return policy_listed(plain_sections, name) || policy_listed(find_tool(tool)->sections, name);
}

bool policy_section_is_initialiser(const char *name)
{
    return policy_listed(initialiser_sections, name);
}

bool policy_initialiser_is_fine(const char *tool, const char *section)
{
    return policy_listed(find_tool(tool)->initialisers, section);
}

bool policy_tool_defines(const char *tool, const char *name)
{
    return policy_listed(find_tool(tool)->definitions, name);
}

bool policy_system_header(const char *path)
{
    for (size_t i = 0; i < sizeof system_headers / sizeof *system_headers; i++)
        if (strncmp(path, system_headers[i], strlen(system_headers[i])) == 0)
            return true;
    return false;
}
