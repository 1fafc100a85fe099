/* SPDX-License-Identifier: MIT */
/*
 * plan - what `lab` tells lab-init to do, and what lab-init answers.
 *
 * The plan is a memfd: this struct, then `bytes` bytes of strings, each with its NUL: the command
 * words, the environment, the paths for Landlock, the working directory, the directory whose files
 * are read outside (or nothing). After the strings comes the seccomp filter. A path for Landlock
 * starts with a letter that says what may be done below it:
 *
 *     x/usr     read and execute      w/tmp         read, write, create, never execute
 *     r/etc     read                  d/dev/null    read and write a device
 *
 * The answers on the control socket (SOCK_SEQPACKET) are the magic number with the opened
 * directory, if one was asked for, and at last one struct plan_report; the end of that socket, from
 * either side, means "make an end". Both programs are built together: there is no version.
 */
#ifndef BOX_INIT_PLAN_H
#define BOX_INIT_PLAN_H

#include <stdint.h>

#define PLAN_MAGIC 0x31504249u

enum { PLAN_RLIMITS = 8 };

struct plan_rlimit {
    uint32_t resource;
    uint32_t set;
    uint64_t value; /* soft and hard */
};

struct plan {
    uint32_t magic;
    uint32_t n_argv;
    uint32_t n_envp;
    uint32_t n_paths; /* 0: no Landlock */
    uint32_t bytes;   /* of all strings */
    uint32_t filter;  /* bytes of the seccomp filter; 0: none */
    int32_t fds;      /* the command keeps 0 … fds - 1; init's own are above */
    int32_t cpu;      /* the only CPU to run on; -1: any */
    uint32_t no_aslr;
    uint32_t is_namespace; /* init is pid 1 of a pid namespace */
    uint32_t uid;          /* the command's uid and gid; 0: init's own */
    uint32_t is_open;      /* for tests: init stays dumpable */
    uint32_t inodes;       /* files in the writable file systems together; 0: not watched */
    struct plan_rlimit rlimits[PLAN_RLIMITS];
};

/* The step that failed, when the command could not be started. */
enum plan_step {
    PLAN_NO_FAILURE,
    PLAN_READ, /* the plan itself */
    PLAN_FILES,
    PLAN_FORK,
    PLAN_CWD,
    PLAN_LIMITS,
    PLAN_USER,
    PLAN_LANDLOCK,
    PLAN_FILTER,
    PLAN_EXEC,
    PLAN_STEP_COUNT
};

struct plan_report {
    uint32_t magic;
    uint32_t failed;  /* enum plan_step */
    int32_t error;    /* errno of it */
    int32_t status;   /* wait status of the command */
    uint32_t killed;  /* it still ran when the end was ordered */
    uint32_t flooded; /* too many files: it was ended for that */
    uint32_t survivors;
    uint32_t zombies;
    uint64_t user_us; /* of everything that was waited for */
    uint64_t system_us;
    uint64_t peak_bytes; /* of the largest process */
};

#endif
