# SPDX-License-Identifier: MIT
# cluster - a Slurm of its own on this machine: munged, slurmctld and a slurmd for each of three nodes, all
# of it in $work/cluster and on ports of the loopback. Nothing of an installed Slurm is touched.
#
#     cluster_start || …      SLURM_CONF points at it; cluster_stop runs at the end of the script
#     cluster_lose n2         the node and everything on it is gone, without a word to anybody
cluster=$work/cluster
PATH=$PATH:/usr/sbin:/sbin

# wait_until SECONDS COMMAND…
wait_until() {
    deadline=$(($(date +%s) + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$(date +%s)" -lt $deadline ] || return 1
        sleep 0.1
    done
}

cluster_conf() {
    user=$(id -un)
    port=$((20000 + $$ % 10000))
    cat <<CONF
ClusterName=interleave
SlurmctldHost=$(hostname)(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket=$cluster/munge.socket,cred_expire=5
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool.%n
SlurmdPidFile=$cluster/slurmd.%n.pid
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmctldLogFile=$cluster/slurmctld.log
SlurmdLogFile=$cluster/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdTimeout=4
ReturnToService=2
SchedulerParameters=sched_interval=1,batch_sched_delay=1
CONF
    for n in 1 2 3; do
        echo "NodeName=n$n NodeHostname=$(hostname) NodeAddr=127.0.0.1 Port=$((port + n)) CPUs=1"
    done
    echo "PartitionName=all Nodes=n1,n2,n3 Default=YES State=UP"
}

# three: all nodes are in this state
three() { [ "$(sinfo -h -N -t "$1" -o %N | sort -u | wc -l)" = 3 ]; }

cluster_start() {
    mkdir -p "$cluster/state"
    head -c 1024 /dev/urandom >"$cluster/munge.key" && chmod 400 "$cluster/munge.key"
    cluster_conf >"$cluster/slurm.conf"
    export SLURM_CONF="$cluster/slurm.conf"
    trap 'cluster_stop; rm -rf "$work"' EXIT
    munged --force --socket="$cluster/munge.socket" --key-file="$cluster/munge.key" \
        --pid-file="$cluster/munged.pid" --log-file="$cluster/munged.log" --seed-file="$cluster/munge.seed" || return 1
    slurmctld || return 1
    for n in n1 n2 n3; do slurmd -N $n || return 1; done
    wait_until 60 three idle
}

cluster_stop() {
    for file in "$cluster"/slurmd.*.pid "$cluster/slurmctld.pid" "$cluster/munged.pid"; do
        [ -s "$file" ] && daemon=$(cat "$file") && kill "$daemon" && wait_until 20 is_gone "$daemon"
    done 2>/dev/null
}
is_gone() { ! kill -0 "$1"; }

# The processes of jobs on a node, by their environment.
cluster_processes() {
    grep -lz "^SLURMD_NODENAME=$1\$" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3
}
cluster_lose() {
    kill -KILL "$(cat "$cluster/slurmd.$1.pid")"
    for process in $(cluster_processes "$1"); do
        keeper=$(ps -o ppid= -p "$process")
        case $(ps -o comm= -p ${keeper:-0}) in slurmstepd*) kill -KILL $keeper ;; esac
        kill -KILL "$process"
    done 2>/dev/null
    rm -f "$cluster/slurmd.$1.pid"
}
