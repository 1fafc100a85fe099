#!/bin/sh
# SPDX-License-Identifier: MIT
# install - what packages.txt lists and this machine lacks. As root or with sudo it runs apt-get;
# otherwise it prints the one line to run and ends with status 3.
#
#     install.sh [tests]      tests: what only the kit's own tests need, too
set -u
cd "$(dirname "$0")/.." || exit 3
command -v dpkg-query >/dev/null 2>&1 || exit 0 # no Debian: `lab doctor` says what is missing

missing=
system=$(sed -n 's/^ID=//p' /etc/os-release 2>/dev/null)
wanted=$(awk -v extra="${1:-}" -v here="-$system" \
    '!/^#/ && (NF == 1 || (extra && ($2 == extra || $2 == extra here))) { print $1 }' packages.txt)
have=$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null | sed -n 's/^installed //p')
for package in $wanted; do
    case "
$have
" in
    *"
$package
"*) ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    sudo=
elif command -v sudo >/dev/null 2>&1 && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    sudo=sudo
else
    echo "Interleave needs some packages that are not installed. Run this once, then try again:"
    echo
    echo "    sudo apt-get install -y --no-install-recommends$missing"
    exit 3
fi
echo "Installing what is missing:$missing"
log=$(mktemp)
if ! { $sudo apt-get update && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log"
    echo "apt-get could not install them. The whole log is in $log"
    exit 3
fi
rm -f "$log"
