#!/bin/sh
# SPDX-License-Identifier: MIT
# Runs a command where the kernel refuses namespaces, as on a machine of which nobody may make any: in
# a user namespace of its own, of which the limit on further ones is zero. For an ordinary user.
#
#     sh tests/kit/hostile/without_namespaces.sh build/lab doctor
exec unshare --user --map-user=1000 --map-group=1000 --keep-caps sh -c '
    echo 0 >/proc/sys/user/max_user_namespaces || exit 1
    exec setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all "$@"' sh "$@"
