/* SPDX-License-Identifier: MIT */
/*
 * slurm - a class on a cluster: one job array whose tasks are slices of the class, on a file system
 * that all nodes share, collected here into the same outputs as one machine would make.
 *
 * Each task runs `lab class … --slice I/N` on its node and writes result files into OUT. A task that a
 * lost node takes down is put back by Slurm (sbatch --requeue), and finds the results that are there
 * already unchanged. When the array is over, what is missing is handed in once more, at most
 * SLURM_ROUNDS times; then the outputs are made from what is there.
 *
 * Needs sbatch, squeue and scancel in PATH. Interrupted, it cancels the array.
 */
#ifndef LAB_SLURM_H
#define LAB_SLURM_H

#include "lab/class.h"

enum { SLURM_ROUNDS = 3, SLURM_POLL_MS = 1000 };

struct slurm_spec {
    struct class_spec *class;
    const char *const *options; /* for sbatch */
    size_t n_options;
    size_t slices; /* 0: one for each 16 submissions, at most 1000 */
    const char *exercises; /* as on the command line, for the tasks */
    const char *box;
};

int slurm_run(const struct slurm_spec *s, struct class_summary *ret, struct buf *err);

#endif
