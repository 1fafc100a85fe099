/* SPDX-License-Identifier: MIT */
/*
 * libgit2, late. A judge starts once for each exercise and tool, and Criterion starts it again for
 * each test. Criterion is linked with libgit2, which it has for showing the difference of two long
 * texts; and libgit2 brings fifteen libraries with it, for the network mostly, whose symbols are
 * looked up at every start, and whose files Criterion opens a dozen times. That was two thirds of a
 * judge's time (18 ms for one test, now 7).
 *
 * So this library goes by libgit2's name: a program that is linked with it before Criterion has no
 * need of the other one, which is loaded when the first difference is to be shown. The Makefile
 * says how the name is found (LATE) and where the real one lies (REAL_LIBGIT2).
 */
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int git_libgit2_init(void);
int git_libgit2_shutdown(void);
int git_diff_buffers(const void *old_buffer, size_t old_length, const char *old_path,
    const void *new_buffer, size_t new_length, const char *new_path, const void *options,
    void *on_file, void *on_binary, void *on_hunk, void *on_line, void *payload);

/* The real library's function. By its path: by its name it would be us. */
static void *theirs(const char *name)
{
    void *library = dlopen(REAL_LIBGIT2, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
    void *function = library ? dlsym(library, name) : NULL;

    if (function == NULL)
        abort(); /* it was there when we were linked */
    return function;
}

int git_libgit2_init(void)
{
    return 1;
}

int git_libgit2_shutdown(void)
{
    return 0;
}

int git_diff_buffers(const void *old_buffer, size_t old_length, const char *old_path,
    const void *new_buffer, size_t new_length, const char *new_path, const void *options,
    void *on_file, void *on_binary, void *on_hunk, void *on_line, void *payload)
{
    int (*init)(void) = (int (*)(void))(uintptr_t)theirs("git_libgit2_init");
    int (*diff)(const void *, size_t, const char *, const void *, size_t, const char *,
        const void *, void *, void *, void *, void *,
        void *) = (__typeof__(&git_diff_buffers))(uintptr_t)theirs("git_diff_buffers");

    init();
    return diff(old_buffer, old_length, old_path, new_buffer, new_length, new_path, options,
        on_file, on_binary, on_hunk, on_line, payload);
}
