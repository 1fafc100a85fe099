/* SPDX-License-Identifier: MIT */
/*
 * attempts - samples that try to get out of a sandbox, or to get at what is not theirs. Each prints
 * what it could do; its exit status is THROUGH if it could do anything, else STOPPED.
 */
#ifndef TESTS_BOX_ATTEMPTS_H
#define TESTS_BOX_ATTEMPTS_H

#include "samples.h"

#include <linux/bpf.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <sched.h>
#include <semaphore.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>

enum { MIB = 1 << 20, STOPPED = 0, THROUGH = 42 };

/* An attempt prints what it could do, and THROUGH is its exit status if it could do anything. */
static int could(const char *what)
{
    printf("%s; ", what);
    return THROUGH;
}

static int opens(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);

    if (fd >= 0)
        close(fd);
    return fd >= 0 ? could(path) : STOPPED;
}

static int see_processes(char **a)
{
    (void)a;
    return count_entries("/proc", "1") + count_entries("/proc", "2") > 4 ? THROUGH : STOPPED;
}

/* The argument is a file of the machine that is of no concern to the box. */
static int read_outside(char **a)
{
    static const char *const paths[] = {"/etc/passwd", "/etc/shadow", "/etc/hostname", "/root",
        "/home", "/var/log", "/boot", "/sys/kernel", "/dev/kmsg", "/dev/tty", "/usr/local/bin",
        "/proc/kcore", "/proc/1/environ", "/proc/1/mem", "/proc/1/maps", NULL};
    int result = opens(a[0], O_RDONLY);

    for (const char *const *p = paths; *p; p++)
        result |= opens(*p, O_RDONLY);
    return result;
}

static int write_outside(char **a)
{
    static const char *const paths[] = {"/new", "/usr/new", "/usr/bin/new", "/dev/new", "/etc/new",
        "/lib64/new", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger",
        "/proc/1/oom_score_adj", NULL};
    int result = opens(a[0], O_WRONLY); /* the probe itself: read-only */

    for (const char *const *p = paths; *p; p++)
        result |= opens(*p, O_WRONLY | O_CREAT);
    return result;
}

static int change_mounts(char **a)
{
    (void)a;
    if (!mount(NULL, "/usr", NULL, MS_REMOUNT | MS_BIND, NULL) || !umount2("/usr", MNT_DETACH) ||
        !mount("x", "/tmp", "tmpfs", 0, NULL) || !mount("/usr", "/tmp", NULL, MS_BIND, NULL))
        return could("mount");
    return chroot("/tmp") ? STOPPED : could("chroot");
}

static int become_someone(char **a)
{
    (void)a;
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
        return could("gain privileges by a setuid program");
    return setuid(0) && setresuid((uid_t)-1, 0, 0) && setgid(0) ? STOPPED : could("setuid");
}

static int make_namespaces(char **a)
{
    static const int flags[] = {
        CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC};
    int result = STOPPED;

    (void)a;
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        long pid = syscall(SYS_clone, flags[i] | SIGCHLD, 0, 0, 0, 0);

        if (pid == 0)
            _exit(0);
        if (pid > 0 || !unshare(flags[i]))
            result = could("clone");
    }
    if (!unshare(CLONE_NEWUSER | CLONE_NEWNS) || syscall(SYS_clone3, NULL, 0) >= 0 ||
        errno != ENOSYS)
        result = could("clone3");
    return result;
}

static int use_the_network(char **a)
{
    static const int families[] = {AF_INET, AF_INET6, AF_NETLINK, AF_PACKET, 40 /* AF_VSOCK */};
    int result = STOPPED;

    (void)a;
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
        if (socket(families[i], SOCK_STREAM, 0) >= 0 || socket(families[i], SOCK_DGRAM, 0) >= 0 ||
            socket(families[i], SOCK_RAW, 0) >= 0)
            result = could("socket");
    return result;
}

/* The argument is the name of an abstract socket on which the test listens. */
static int connect_abstract(char **a)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(a[0]));
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    memcpy(address.sun_path + 1, a[0], strlen(a[0]));
    return fd >= 0 && !connect(fd, (struct sockaddr *)&address, length) ? could("connect")
                                                                        : STOPPED;
}

/* The argument is the pid of the test, as seen outside. */
static int signal_outside(char **a)
{
    pid_t pid = (pid_t)strtol(a[0], NULL, 10);

    return !kill(pid, 0) ? could("kill") : STOPPED;
}

static int trace_others(char **a)
{
    pid_t targets[] = {getppid(), 1, (pid_t)strtol(a[0], NULL, 10)};
    char byte;
    struct iovec mine = {&byte, 1}, theirs = {(void *)0x400000, 1};
    char path[64];
    int result = STOPPED;

    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "/proc/%d/mem", (int)targets[i]);
        result |= opens(path, O_RDWR);
        snprintf(path, sizeof(path), "/proc/%d/fd/0", (int)targets[i]);
        result |= opens(path, O_RDONLY);
        if (!ptrace(PTRACE_ATTACH, targets[i], 0, 0) || !ptrace(PTRACE_SEIZE, targets[i], 0, 0) ||
            process_vm_readv(targets[i], &mine, 1, &theirs, 1, 0) > 0)
            result = could("trace");
    }
    return result;
}

static int open_the_supervisor(char **a)
{
    char path[64];

    (void)a;
    snprintf(path, sizeof(path), "/proc/%d/mem", (int)getppid());
    return opens(path, O_RDWR);
}

static int use_rare_calls(char **a)
{
    union bpf_attr attribute = {
        .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
    char parameters[256] = {0};
    int result = STOPPED;

    (void)a;
    if (syscall(SYS_add_key, "user", "k", "v", 1, -2) > 0)
        result = could("add_key");
    if (syscall(SYS_bpf, BPF_MAP_CREATE, &attribute, sizeof(attribute)) >= 0)
        result = could("bpf");
    if (syscall(SYS_io_uring_setup, 1, parameters) >= 0)
        result = could("io_uring");
    if (syscall(SYS_userfaultfd, 1) >= 0)
        result = could("userfaultfd");
    if (syscall(SYS_keyctl, 0, -3, 0) >= 0)
        result = could("keyctl");
    if (ioctl(0, TIOCSTI, "x") == 0 || errno != EPERM)
        result = could("TIOCSTI");
    return result;
}

static int call_as_32_bits(char **a)
{
    (void)a;
#ifdef __x86_64__
    long result = 20; /* getpid */

    __asm__ volatile("int $0x80" : "+a"(result)::"memory");
    return result > 0 ? could("int 0x80") : STOPPED;
#else
    raise(SIGSYS);
    return STOPPED;
#endif
}

/* The argument is the key of a segment that the test made. */
static int share_system_v(char **a)
{
    return shmget((key_t)strtol(a[0], NULL, 10), 0, 0) >= 0 ? could("shmget") : STOPPED;
}

static int execute_what_it_wrote(char **a)
{
    char *const again[] = {"copy", "sample:leave", NULL};
    struct buf text = BUF_EMPTY;
    int status = 0, fd;

    (void)a;
    if (io_read_file("/proc/self/exe", 0, &text, NULL))
        return 1;
    fd = open("copy", O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    if (fd < 0 || io_write_all(fd, text.data, text.length))
        return 1;
    close(fd);
    if (fork() == 0) {
        execv("./copy", again);
        _exit(7);
    }
    wait(&status);
    return WEXITSTATUS(status) == 7 ? STOPPED : could("execute");
}

/* Memory that no process has mapped. */
static int hide_memory(char **a)
{
    static char block[MIB];

    memset(block, 1, sizeof(block));
    for (long i = 0; i < strtol(a[0], NULL, 10); i += 8) {
        int fd = (int)syscall(SYS_memfd_create, "m", 0);

        for (int n = 0; n < 8; n++)
            if (write(fd, block, sizeof(block)) < 0)
                return 1;
    }
    usleep(300000);
    return THROUGH;
}

static int make_files(char **a)
{
    char name[32];

    for (long i = 0; i < strtol(a[0], NULL, 10); i++) {
        int fd;

        snprintf(name, sizeof(name), "/tmp/%ld", i);
        fd = open(name, O_WRONLY | O_CREAT, 0600);
        if (fd < 0)
            return 1;
        close(fd);
    }
    usleep(300000);
    return THROUGH;
}

static int fill(const char *directory, long most)
{
    static char block[MIB];
    long mib = 0;
    char name[64];

    for (int file = 0; mib < most; file++) {
        int fd;

        snprintf(name, sizeof(name), "%s/fill%d", directory, file);
        fd = open(name, O_WRONLY | O_CREAT, 0600);
        for (int i = 0; i < 8; i++, mib++)
            if (write(fd, block, sizeof(block)) < (ssize_t)sizeof(block))
                return STOPPED;
        close(fd);
    }
    return could(directory);
}

static int fill_memory_files(char **a)
{
    return fill("/tmp", strtol(a[0], NULL, 10)) | fill("/dev/shm", strtol(a[0], NULL, 10));
}

static int write_big_file(char **a)
{
    static char block[MIB];
    int fd = open("big", O_WRONLY | O_CREAT, 0600);

    (void)a;
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 0; i < 8; i++)
        if (write(fd, block, sizeof(block)) < 0)
            return STOPPED;
    return THROUGH;
}

/* The argument is the number of a descriptor that the test has left open. */
static int use_leaked(char **a)
{
    return fcntl((int)strtol(a[0], NULL, 10), F_GETFD) >= 0 ? THROUGH : STOPPED;
}

static int make_a_file(char **a)
{
    int fd = open(a[0], O_WRONLY | O_CREAT, 0666);

    return fd >= 0 && write(fd, "x", 1) == 1 ? 0 : 1;
}

static int show_self(char **a)
{
    extern char **environ;
    char host[64] = "", *directory = getcwd(NULL, 0);

    (void)a;
    gethostname(host, sizeof(host));
    printf("%s %s pid=%d parent=%d root=%d", host, directory, (int)getpid(), (int)getppid(),
        getuid() == 0);
    for (char **e = environ; *e; e++)
        printf(" [%s]", *e);
    return 0;
}

/* What honest programs of the course do. */
static int be_honest(char **a)
{
    sem_t *semaphore = sem_open("/sample", O_CREAT, 0600, 1);
    int pair[2], shared = shm_open("/sample", O_CREAT | O_RDWR, 0600), file;
    mqd_t queue;

    (void)a;
    if (semaphore == SEM_FAILED || sem_unlink("/sample"))
        return 1;
    if (shared < 0 || ftruncate(shared, 4096) || shm_unlink("/sample"))
        return 2;
    if (mkfifo("fifo", 0600) || socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
        return 3;
    file = open("file", O_RDWR | O_CREAT, 0600);
    if (file < 0 || mkdir("directory", 0700) || rename("file", "directory/file"))
        return 4;
    if (setsid() < 0 && errno != EPERM)
        return 5;
    if (access("/dev/full", W_OK) || access("/proc/self/maps", R_OK))
        return 6;
    queue = mq_open("/sample", O_CREAT | O_RDWR, 0600, NULL);
    if (queue == (mqd_t)-1 && errno != ENOSYS && access("/dev/mqueue", F_OK) == 0)
        return could(strerror(errno)), 7;
    return 0;
}

static int leave(char **a)
{
    (void)a;
    return 0;
}

static const struct sample samples[] = {
    {"leave", leave},
    {"see_processes", see_processes},
    {"read_outside", read_outside},
    {"write_outside", write_outside},
    {"change_mounts", change_mounts},
    {"become_someone", become_someone},
    {"make_namespaces", make_namespaces},
    {"use_the_network", use_the_network},
    {"connect_abstract", connect_abstract},
    {"signal_outside", signal_outside},
    {"trace_others", trace_others},
    {"open_the_supervisor", open_the_supervisor},
    {"use_rare_calls", use_rare_calls},
    {"call_as_32_bits", call_as_32_bits},
    {"share_system_v", share_system_v},
    {"execute_what_it_wrote", execute_what_it_wrote},
    {"hide_memory", hide_memory},
    {"make_files", make_files},
    {"fill", fill_memory_files},
    {"write_big_file", write_big_file},
    {"use_leaked", use_leaked},
    {"make_a_file", make_a_file},
    {"show_self", show_self},
    {"be_honest", be_honest},
    {0},
};
SAMPLES(samples)

#endif
