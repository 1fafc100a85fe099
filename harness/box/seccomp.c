/* SPDX-License-Identifier: MIT */
#include "box/seccomp.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

/* By name, so that the list is the same on every architecture and with every libseccomp: a name
 * that this one does not know is a call that is not there, or one that is newer than it. */
static const char *const denied[] = {
    /* the file system's shape */
    "mount",
    "umount",
    "umount2",
    "pivot_root",
    "chroot",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "move_mount",
    "open_tree",
    "mount_setattr",
    "setns",
    "unshare",
    "open_by_handle_at",
    "name_to_handle_at",
    "quotactl",
    "quotactl_fd",
    "swapon",
    "swapoff",
    "fanotify_init",
    /* large and young parts of the kernel */
    "bpf",
    "perf_event_open",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "userfaultfd",
    "add_key",
    "request_key",
    "keyctl",
    "memfd_secret",
    "lookup_dcookie",
    /* other processes */
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "kcmp",
    "pidfd_getfd",
    "migrate_pages",
    "move_pages",
    /* the machine */
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "reboot",
    "acct",
    "syslog",
    "settimeofday",
    "clock_settime",
    "clock_settime64",
    "clock_adjtime",
    "adjtimex",
    "stime",
    "sethostname",
    "setdomainname",
    "iopl",
    "ioperm",
    "modify_ldt",
    "nfsservctl",
    "vhangup",
    "uselib",
    "vm86",
    "vm86old",
    "sysfs",
    "ustat",
    "_sysctl",
};

/* LeakSanitizer's tracer attaches to its own process and reads registers: all that it needs stays.
 */
static const unsigned denied_ptrace[] = {
    PTRACE_TRACEME,
    PTRACE_SEIZE,
    PTRACE_POKETEXT,
    PTRACE_POKEDATA,
    PTRACE_POKEUSER,
    PTRACE_SETREGS,
    PTRACE_SETFPREGS,
    PTRACE_SETREGSET,
    PTRACE_SETSIGINFO,
    PTRACE_SETOPTIONS,
    PTRACE_SINGLESTEP,
    PTRACE_SYSCALL,
};

static const unsigned denied_ioctl[] = {TIOCSTI, TIOCLINUX, TIOCSETD, TIOCSCTTY, TIOCCONS};

static const unsigned denied_clone[] = {
    CLONE_NEWNS,
    CLONE_NEWCGROUP,
    CLONE_NEWUTS,
    CLONE_NEWIPC,
    CLONE_NEWUSER,
    CLONE_NEWPID,
    CLONE_NEWNET,
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* One argument against one value, by its lower half: the kernel ignores the upper one too. */
static int deny_argument(scmp_filter_ctx f, const char *name, unsigned argument, uint64_t value)
{
    return seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), seccomp_syscall_resolve_name(name), 1,
        SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, 0xffffffff, value));
}

static int deny_calls(scmp_filter_ctx f)
{
    int result = 0;

    for (size_t i = 0; i < COUNT(denied); i++) {
        int number = seccomp_syscall_resolve_name(denied[i]);

        if (number >= 0)
            result |= seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), number, 0);
    }
    /* Its flags are behind a pointer, where no filter can look: glibc falls back to clone(). */
    return result | seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

static int deny_arguments(scmp_filter_ctx f)
{
    int result = 0;

    for (size_t i = 0; i < COUNT(denied_ptrace); i++)
        result |= deny_argument(f, "ptrace", 0, denied_ptrace[i]);
    for (size_t i = 0; i < COUNT(denied_ioctl); i++)
        result |= deny_argument(f, "ioctl", 1, denied_ioctl[i]);
    for (size_t i = 0; i < COUNT(denied_clone); i++)
        result |= seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
            SCMP_CMP(0, SCMP_CMP_MASKED_EQ, denied_clone[i], denied_clone[i]));
    /* AF_VSOCK and AF_NETLINK do not care about network namespaces. */
    result |= seccomp_rule_add(
        f, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1, SCMP_CMP(0, SCMP_CMP_NE, AF_UNIX, 0));
    result |= seccomp_rule_add(f, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socketpair), 1,
        SCMP_CMP(0, SCMP_CMP_NE, AF_UNIX, 0));
    return result;
}

static int export(scmp_filter_ctx f, struct buf *ret)
{
    char chunk[4096];
    ssize_t n;
    int fd = memfd_create("interleave-filter", MFD_CLOEXEC);

    if (fd < 0)
        return -1;
    if (seccomp_export_bpf(f, fd) == 0 && lseek(fd, 0, SEEK_SET) == 0)
        while ((n = read(fd, chunk, sizeof(chunk))) > 0)
            buf_append(ret, chunk, (size_t)n);
    close(fd);
    return ret->length ? 0 : -1;
}

const struct buf *seccomp_filter(struct buf *err)
{
    static struct buf filter;
    scmp_filter_ctx f;

    if (filter.length)
        return &filter;
    f = seccomp_init(SCMP_ACT_ALLOW);
    if (!f || seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) ||
        seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2) || /* a tree instead of a list */
        deny_calls(f) || deny_arguments(f) || export(f, &filter))
        fail(err, "The filter for system calls cannot be built: libseccomp 2.5 or newer is needed "
                  "(apt install libseccomp2).");
    seccomp_release(f);
    return filter.length ? &filter : NULL;
}
