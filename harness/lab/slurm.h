/* SPDX-License-Identifier: MIT */
/*
 * slurm - a class on a cluster: one job array whose tasks are slices of the class, on a file system
 * that all nodes share, collected here into the same outputs as one machine would make.
 *
 *     struct slurm_spec slurm = {.class = &spec, …};
 *     spec.elsewhere = slurm_grade;
 *     spec.arg = &slurm;
 *     class_run(&spec, &summary, &err);
 *
 * Each task runs `lab class … --slice I/N` on its node, writes result files into OUT, and notes
 * each submission with one letter in OUT/slurm/slice.I (g: graded, u: unchanged, f: its process
 * ended early; a full stop at the end). That is where progress and the sums come from. A task that
 * a lost node takes down is put back by Slurm (sbatch --requeue) and finds what it had done
 * unchanged. When the array is over, slices without their full stop are handed in again,
 * SLURM_ROUNDS times in all.
 *
 * Needs sbatch, squeue and scancel in PATH. Interrupted, it cancels the array. OUT/slurm, with the
 * tasks' logs, stays only when something went wrong.
 */
#ifndef LAB_SLURM_H
#define LAB_SLURM_H

#include "lab/class.h"

enum { SLURM_ROUNDS = 3, SLURM_POLL_MS = 1000, SLURM_SLICES_MOST = 1000 };

struct slurm_spec {
    const struct class_spec *class;
    const char *const *options; /* for sbatch */
    size_t n_options;
    size_t slices;         /* 0: one for each 16 submissions; at most SLURM_SLICES_MOST */
    const char *exercises; /* as on the command line, for the tasks */
    const char *box;
};

/* As class_spec.elsewhere; `arg` is a struct slurm_spec. */
int slurm_grade(void *arg, const struct entries *entries, struct class_summary *summary,
    struct progress *progress, struct buf *err);

#endif
