/* SPDX-License-Identifier: MIT */
/* What a sandbox promises: each promise is a program that tries to break it. And each layer,
 * switched off, lets exactly its own program through: that is the proof that the layer does
 * something. */
#include "box/samples.h"
#include "box/slot.h"

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

/* What the samples are told, so that they know what to look for. */
static struct outside {
    char pid[16];
    char abstract[64];
    char key[16];
    char file[PATH_MAX];
    int listener;
    int segment;
} outside;

static void outside_make(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    key_t key = 0x494c0000 + getpid() % 65536;
    socklen_t length;

    snprintf(outside.pid, sizeof(outside.pid), "%d", (int)getpid());
    snprintf(outside.key, sizeof(outside.key), "%d", (int)key);
    snprintf(outside.abstract, sizeof(outside.abstract), "interleave-test-%d", (int)getpid());
    cr_assert(realpath(__FILE__, outside.file));
    memcpy(address.sun_path + 1, outside.abstract, strlen(outside.abstract));
    length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(outside.abstract));
    outside.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    outside.segment = shmget(key, 4096, IPC_CREAT | 0666);
    cr_assert(outside.segment >= 0 && outside.listener >= 0);
    cr_assert(!bind(outside.listener, (struct sockaddr *)&address, length) &&
              !listen(outside.listener, 8));
}

static void outside_remove(void)
{
    shmctl(outside.segment, IPC_RMID, NULL);
    close(outside.listener);
}

/* Attempts that a level has to stop: BOX_REDUCED stops less. */
static const struct attempt {
    const char *sample;
    const char *argument;
    enum box_level from;
} attempts[] = {
    {"read_outside", outside.file, BOX_APPROXIMATE},
    {"write_outside", "/proc/self/exe", BOX_REDUCED},
    {"change_mounts", NULL, BOX_REDUCED},
    {"become_someone", NULL, BOX_REDUCED},
    {"make_namespaces", NULL, BOX_REDUCED},
    {"use_the_network", NULL, BOX_REDUCED},
    {"connect_abstract", outside.abstract, BOX_REDUCED},
    {"signal_outside", outside.pid, BOX_REDUCED},
    {"trace_others", outside.pid, BOX_REDUCED},
    {"use_rare_calls", NULL, BOX_REDUCED},
    {"share_system_v", outside.key, BOX_APPROXIMATE},
    {"see_processes", NULL, BOX_APPROXIMATE},
    {"execute_what_it_wrote", NULL, BOX_REDUCED},
    {"fill", "40", BOX_APPROXIMATE},
};

static void try_attempts(enum box_level level)
{
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
        struct sample_run s;
        struct box_result r;

        if (level < attempts[i].from)
            continue;
        sample_prepare(&s, level, attempts[i].sample, attempts[i].argument);
        r = sample_finish(&s);
        cr_expect(r.end == BOX_EXITED && r.status == STOPPED,
            "%s at level %s: ended as \"%s\" with status %d: %s%s", attempts[i].sample,
            box_level_name(level), box_end_name(r.end), r.status, buf_text(&r.out),
            buf_text(&r.err));
        box_result_release(&r);
    }
}

Test(box_sandbox, each_level_stops_what_it_promises_to_stop)
{
    enum box_level best = best_level();

    outside_make();
    for (int level = BOX_REDUCED; level <= (int)best; level++)
        try_attempts(level);
    outside_remove();
}

Test(box_sandbox, without_a_sandbox_the_same_attempts_get_through)
{
    struct sample_run s;
    struct box_result r;

    outside_make();
    for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
        const char *name = attempts[i].sample;

        /* Those that would do harm, or need rights that the test may lack, are not tried. */
        if (!strcmp(name, "write_outside") || !strcmp(name, "change_mounts") ||
            !strcmp(name, "trace_others") || !strcmp(name, "fill"))
            continue;
        sample_prepare(&s, BOX_LIMITS, name, attempts[i].argument);
        s.spec.cwd = "/tmp";
        r = sample_finish(&s);
        cr_expect(r.end == BOX_EXITED && r.status == THROUGH,
            "%s: the attempt itself is broken (%s, %d)", name, box_end_name(r.end), r.status);
        box_result_release(&r);
        unlink("/tmp/copy");
    }
    outside_remove();
}

Test(box_sandbox, calls_of_another_architecture_kill)
{
    for (int level = BOX_REDUCED; level <= (int)best_level(); level++) {
        struct sample_run s;
        struct box_result r;

        sample_prepare(&s, level, "call_as_32_bits", NULL);
        r = sample_finish(&s);
        cr_assert(r.end == BOX_SIGNALED && r.status == SIGSYS);
        box_result_release(&r);
    }
}

Test(box_sandbox, honest_programs_notice_nothing)
{
    for (int level = BOX_REDUCED; level <= (int)best_level(); level++) {
        struct sample_run s;
        struct box_result r;

        sample_prepare(&s, level, "be_honest", NULL);
        r = sample_finish(&s);
        assert_exit(r, 0);
        box_result_release(&r);
    }
}

Test(box_sandbox, inside_everything_is_as_in_every_other_box)
{
    struct sample_run s;
    struct box_result r;

    if (best_level() < BOX_APPROXIMATE)
        cr_skip_test("no namespaces here");
    setenv("LAB_SECRET", "42", 1);
    sample_prepare(&s, best_level(), "show_self", NULL);
    r = sample_finish(&s);
    cr_assert_str_eq(buf_text(&r.out), "box /tmp pid=2 parent=1 root=0");
    box_result_release(&r);
}

/* One directory to write to. Returns the owner of what the sample wrote there. */
static uid_t write_into_bind(enum box_level level, unsigned layers_off)
{
    struct buf err = BUF_EMPTY;
    char *top = io_make_temporary("interleave-test", &err), *directory, *file;
    struct sample_run s;
    struct box_result r;
    struct stat st = {0};

    cr_assert(top, "%s", buf_text(&err));
    chmod(top, 0711);
    directory = io_path(top, "work");
    cr_assert(mkdir(directory, 0777) == 0 && chmod(directory, 0777) == 0);
    file = io_path(directory, "result");
    sample_prepare(&s, level, "make_a_file", file);
    s.spec.layers_off = layers_off;
    s.binds[1] = (struct box_bind){directory, directory, true};
    s.spec.n_binds = 2;
    r = sample_finish(&s);
    assert_exit(r, 0);
    box_result_release(&r);
    cr_assert_eq(stat(file, &st), 0);
    io_remove_tree(top, NULL);
    free(file), free(directory), free(top);
    return st.st_uid;
}

Test(box_sandbox, what_may_be_written_arrives_outside)
{
    for (int level = BOX_REDUCED; level <= (int)best_level(); level++) {
        uid_t owner = write_into_bind(level, 0);

        if (geteuid() == 0)
            cr_expect(owner >= SLOT_FIRST && owner < SLOT_FIRST + SLOT_COUNT, "%u", owner);
        else
            cr_expect_eq(owner, geteuid());
    }
}

/* One layer each: with all on the sample is stopped, with this one off it is through. */
static struct layer_case {
    unsigned layer;
    unsigned others_off; /* layers that would stop it too */
    const char *sample;
    const char *argument;
    enum box_level from;
    enum box_end stopped_as;
} layer_cases[] = {
    {BOX_LAYER_NAMESPACES, 0, "see_processes", NULL, BOX_APPROXIMATE, BOX_EXITED},
    {BOX_LAYER_NAMESPACES, BOX_LAYER_LANDLOCK, "read_outside", "/etc/passwd", BOX_APPROXIMATE,
        BOX_EXITED},
    {BOX_LAYER_SECCOMP, 0, "use_the_network", NULL, BOX_REDUCED, BOX_EXITED},
    {BOX_LAYER_SECCOMP, 0, "use_rare_calls", NULL, BOX_REDUCED, BOX_EXITED},
    {BOX_LAYER_LANDLOCK, 0, "execute_what_it_wrote", NULL, BOX_REDUCED, BOX_EXITED},
    {BOX_LAYER_CGROUP, 0, "hide_memory", "64", BOX_FULL, BOX_MEMORY},
    {BOX_LAYER_RLIMITS, 0, "write_big_file", NULL, BOX_LIMITS, BOX_EXITED},
    {BOX_LAYER_CLOSED, 0, "use_leaked", NULL, BOX_LIMITS, BOX_EXITED},
    {BOX_LAYER_INODES, 0, "make_files", "6000", BOX_APPROXIMATE, BOX_MEMORY},
};

static void run_layer_case(
    const struct layer_case *c, enum box_level level, unsigned off, enum box_end end, int status)
{
    struct sample_run s;
    struct box_result r;
    char number[16];
    int leaked = fcntl(2, F_DUPFD, 70);

    snprintf(number, sizeof(number), "%d", leaked);
    sample_prepare(&s, level, c->sample, c->layer == BOX_LAYER_CLOSED ? number : c->argument);
    s.spec.limits.memory_bytes = 40 * MIB;
    s.spec.limits.file_bytes = c->layer == BOX_LAYER_RLIMITS ? 4 * MIB : 16 * MIB;
    s.spec.layers_off = off;
    r = sample_finish(&s);
    cr_expect(r.end == end && (end != BOX_EXITED || r.status == status),
        "%s at level %s without layers %#x: ended as \"%s\" with status %d, expected \"%s\" with %d; %s",
        c->sample, box_level_name(level), off, box_end_name(r.end), r.status, box_end_name(end),
        status, buf_text(&r.out));
    box_result_release(&r);
    close(leaked);
    unlink("big");
}

Test(box_sandbox, each_layer_switched_off_lets_its_own_sample_through)
{
    enum box_level best = best_level();

    cr_assert(chdir("/tmp") == 0);
    for (size_t i = 0; i < sizeof(layer_cases) / sizeof(layer_cases[0]); i++) {
        const struct layer_case *c = &layer_cases[i];

        for (int level = c->from; level <= (int)best; level++) {
            run_layer_case(c, level, c->others_off, c->stopped_as, STOPPED);
            run_layer_case(c, level, c->others_off | c->layer, BOX_EXITED, THROUGH);
        }
    }
}

Test(box_sandbox, each_layer_switched_off_opens_nothing_else)
{
    enum box_level best = best_level();
    const size_t count = sizeof(layer_cases) / sizeof(layer_cases[0]);

    if (best < BOX_APPROXIMATE)
        cr_skip_test("no namespaces here");
    cr_assert(chdir("/tmp") == 0);
    for (size_t off = 0; off < count; off++)
        for (size_t i = 0; i < count; i++) {
            const struct layer_case *c = &layer_cases[i];

            if (c->layer == layer_cases[off].layer || c->from > best ||
                /* Without namespaces there is no /tmp whose files could be counted. */
                (c->layer == BOX_LAYER_INODES && layer_cases[off].layer == BOX_LAYER_NAMESPACES))
                continue;
            run_layer_case(c, best, layer_cases[off].layer, c->stopped_as, STOPPED);
        }
}

/* lab-init's memory is closed twice: it is not dumpable, and it is outside the Landlock domain (or
 * belongs to root). */
Test(box_sandbox, lab_init_is_sealed)
{
    static const struct layer_case c = {
        BOX_LAYER_SEALED, BOX_LAYER_LANDLOCK, "open_the_supervisor", NULL, BOX_LIMITS, BOX_EXITED};

    if (geteuid() == 0)
        cr_skip_test("root may open everything, and the command is not root");
    cr_assert(chdir("/tmp") == 0);
    for (int level = BOX_LIMITS; level <= (int)best_level(); level++) {
        run_layer_case(&c, level, BOX_LAYER_LANDLOCK, BOX_EXITED, STOPPED);
        run_layer_case(&c, level, BOX_LAYER_LANDLOCK | BOX_LAYER_SEALED, BOX_EXITED, THROUGH);
    }
}

Test(box_sandbox, root_gives_its_name_to_nobody)
{
    if (geteuid() != 0)
        cr_skip_test("only root has user ids to give");
    for (int level = BOX_REDUCED; level <= (int)best_level(); level++)
        cr_expect_eq(write_into_bind(level, BOX_LAYER_USER), 0, "%s", box_level_name(level));
}
