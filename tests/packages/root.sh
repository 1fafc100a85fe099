# SPDX-License-Identifier: MIT
# root - bare Debian roots to try things in, made with debootstrap. Sourced by packages.sh; needs root.
#
#     base                     $roots/base: minbase, made once
#     fresh NAME               $root is a new root with the base beneath it and nothing of this machine
#     inside COMMAND…          runs it in $root: own mounts, processes and /tmp, this machine's network for apt
#     small COMMAND…           the same with half a CPU and 768 MB, as Gradescope's default machine has; $peak is
#                              the memory in bytes, $cpu the seconds of CPU that it took: on a machine that is
#                              busy otherwise, half a CPU takes at least twice as long as that
#     leave                    forgets $root
#
# A root is an overlay, so that trying something costs what it changes, and packages are fetched once. The capabilities are those that Docker
# leaves its root user; namespaces stay possible, which a container may forbid.
mirror=$(sed -n 's/^URIs: *\(http[^ ]*debian\) *$/\1/p; s/^deb \(http[^ ]*debian\) .*/\1/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1)
docker=+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap

base() {
    [ -e "$roots/base/etc/debian_version" ] && return
    mkdir -p "$roots"
    debootstrap --variant=minbase bookworm "$roots/base" "${mirror:-http://deb.debian.org/debian}" >"$roots/log" ||
        { tail -n 5 "$roots/log"; exit 3; }
}
fresh() {
    root=$roots/$1
    rm -rf "$root.upper" "$root.work" "$root"
    mkdir -p "$root.upper" "$root.work" "$root"
    mount -t overlay overlay -o "lowerdir=$roots/base,upperdir=$root.upper,workdir=$root.work" "$root" || exit 3
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    cp -r /etc/apt/apt.conf.d/99* "$root/etc/apt/apt.conf.d/" 2>/dev/null
    printf 'deb %s bookworm main\n' "$mirror" >"$root/etc/apt/sources.list"
    echo force-unsafe-io >"$root/etc/dpkg/dpkg.cfg.d/unsafe-io" # a root that is thrown away anyway
    mkdir -p "$roots/archives"
}
inside() {
    unshare --mount --pid --uts --ipc --fork --kill-child sh -c '
        mount --bind /dev "$0/dev" && mount -t proc proc "$0/proc" && mount -t tmpfs tmpfs "$0/tmp" || exit 3
        mount --bind "${0%/*}/archives" "$0/var/cache/apt/archives"
        mount -t tmpfs tmpfs "$0/dev/shm"
        bounding=$1
        shift
        exec setpriv --bounding-set="-all,$bounding" --inh-caps=-all \
            chroot "$0" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 "$@"' \
        "$root" "$docker" "$@"
}
# Half a CPU and 768 MB by a control group of either version; without one nobody would know.
small() {
    if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
        group=/sys/fs/cgroup/interleave-packages
        mkdir -p $group && echo "50000 100000" >$group/cpu.max && echo 768M >$group/memory.max || exit 3
        groups=$group
    else
        groups="/sys/fs/cgroup/cpu/interleave-packages /sys/fs/cgroup/cpuacct/interleave-packages
            /sys/fs/cgroup/memory/interleave-packages"
        mkdir -p $groups && echo 50000 >/sys/fs/cgroup/cpu/interleave-packages/cpu.cfs_quota_us || exit 3
        echo 768M >/sys/fs/cgroup/memory/interleave-packages/memory.limit_in_bytes || exit 3
    fi
    (
        for group in $groups; do
            sh -c 'echo $PPID' >$group/cgroup.procs
        done
        inside "$@"
    )
    small_status=$?
    peak=$(cat /sys/fs/cgroup/interleave-packages/memory.peak \
        /sys/fs/cgroup/memory/interleave-packages/memory.max_usage_in_bytes 2>/dev/null | head -n 1)
    cpu=$({ sed -n 's/^usage_usec //p' /sys/fs/cgroup/interleave-packages/cpu.stat || \
        sed 's/...$//' /sys/fs/cgroup/cpuacct/interleave-packages/cpuacct.usage; } 2>/dev/null)
    cpu=$((cpu / 1000000))
    rmdir $groups
    return $small_status
}
leave() {
    umount "$root" && rm -rf "$root" "$root.upper" "$root.work"
}
