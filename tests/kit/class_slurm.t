# SPDX-License-Identifier: MIT
# A class on a cluster: a real Slurm with three nodes, one of which is lost in the middle.
. tests/kit/class/class.sh
. tests/kit/class/cluster.sh
e='--exercises counter_mutex'
class() { run "$lab" class "$@" $e; }
KINDS='solution wrong hostile stub' make_class "$work/class" 12 counter_mutex

class "$work/class" --out "$work/nowhere" --slurm
if [ ! -x /usr/sbin/slurmctld ]; then
    is "without Slurm it is our trouble" $status 3
    has "and the package is named" "slurm-client" "$out"
    done_testing
    exit
fi
is "without a cluster it is our trouble" $status 3
if ! cluster_start >"$out" 2>&1; then
    ok "the cluster starts" false
    tail -n 3 "$out" "$cluster"/*.log | sed 's/^/# /'
    done_testing
    exit 1
fi

# A cache of its own, so that the nodes have something to do.
mkdir "$work/build"
for product in lab lab-init libprobe.a libexplore.a native.wraps explore.wraps judge; do
    ln -s "$build/$product" "$work/build/$product"
done
export LAB_BUILD="$work/build"

# --- One node is lost ---
"$lab" class "$work/class" --out "$work/many" --slurm --slurm=--comment=tonight --slices 6 $e >"$out" 2>&1 &
pid=$!
on_n2() { [ -n "$(cluster_processes n2)" ] && grep -qz -- --slice /proc/$(cluster_processes n2 | tail -n 1)/cmdline; }
ok "work comes to the second node" wait_until 60 on_n2
cluster_lose n2
wait $pid
is "the class is graded all the same" $? 0
has "and the sums are right" "12 submissions: " "$out"
is "none was left out" "$(results "$work/many")" 12
ok "the node is down" sh -c 'sinfo -h -N -n n2 -o %t | grep -q down'
ok "its task was put back" grep -qi 'requeue' "$cluster/slurmctld.log"
ok "what was only the cluster's is gone" test ! -e "$work/many/slurm"
class "$work/class" --out "$work/one"
ok "one machine ends with the same files" same_out "$work/many" "$work/one"
class "$work/class" --out "$work/many" --slurm
has "an unchanged class is not graded again" "12 submissions: 0 graded now, 12 unchanged" "$out"

# --- Stopped ---
"$lab" class "$work/class" --out "$work/stopped" --slurm --slices 6 $e >"$out" 2>&1 &
pid=$!
handed_in() { [ -n "$(squeue -h)" ]; }
ok "an array is handed in" wait_until 30 handed_in
kill -INT $pid
wait $pid
is "Ctrl-C is status 130" $? 130
is "the array is cancelled" "$(squeue -h -t pending,running)" ""
class "$work/class" --out "$work/stopped" --slurm
ok "the same command goes on" same_out "$work/stopped" "$work/one"

# --- What the cluster does not like ---
class "$work/class" --out "$work/x" --slurm=--partition=no_such
is "a wrong option for sbatch is our trouble" $status 3
has "sbatch's own words are shown" "nvalid partition" "$out"
class "$work/class" --out "$work/x" --slurm=--export=LAB_ROOT=/no/such --slices 2
is "tasks that cannot work are our trouble" $status 3
has "the slices are named" "these slices are not done: 0,1" "$out"
has "and what their log says" "/no/such" "$out"
ok "the logs stay" sh -c 'ls "$1"/x/slurm/*.log' - "$work"
done_testing
