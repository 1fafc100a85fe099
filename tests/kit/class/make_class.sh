#!/bin/sh
# SPDX-License-Identifier: MIT
# make_class - a class that never was: COUNT submissions made from the kit's own solutions, stubs, wrong
# and hostile files, in all the forms in which files are handed in. The same call makes the same class.
#
#     make_class.sh DIRECTORY COUNT EXERCISE…     COUNT ordinary ones
#     make_class.sh DIRECTORY messy EXERCISE      what turns up in every real class
#
# KINDS (default: solution stub wrong alternative hostile) says what the files are; FORMS what they come in.
set -eu
here=$(dirname "$0")/../../..
directory=$1
count=$2
shift 2
kinds=${KINDS:-solution stub wrong alternative hostile}
forms=${FORMS:-folder zip tree tar flat tar.gz repository tar.xz tar.zst}
mkdir -p "$directory"
directory=$(cd "$directory" && pwd)
cd "$here"
here=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# pick N WORD… : the N-th word, around and around.
pick() {
    n=$(($1 % ($# - 1)))
    shift
    shift $n
    printf '%s\n' "$1"
}
unit_of() { basename "$(dirname "$(ls -d labs/*/"$1")")"; }

# source_of KIND EXERCISE N: a file of that kind; those that an exercise lacks are its solution.
source_of() {
    unit=$(unit_of "$2")
    case $1 in
    stub) echo "tests/$unit/$2/stub.c" ;;
    wrong | alternative)
        # What a memory error leads to beside its report is luck, and the class is to be the same again.
        set -- "$3" $(grep -L 'expect:.* MEMERR' tests/"$unit/$2/$1"/*.c)
        pick "$@" ;;
    hostile)
        if [ "$2" = counter_mutex ]; then
            pick "$3" exits_in_the_middle prints_pass null_pointer runs_a_shell own_main says_facts many_errors
        else
            echo "solutions/$unit/$2/$2.c"
        fi ;;
    *) echo "solutions/$unit/$2/$2.c" ;;
    esac
}
# put KIND EXERCISE N FILE
put() {
    source=$(source_of "$1" "$2" "$3")
    mkdir -p "$(dirname "$4")"
    case $source in
    */*) cp "$source" "$4" ;;
    *) awk '/^#include "sample\.h"$/ { while ((getline line < "tests/kit/hostile/sample.h") > 0) print line; next }
            { print }' "tests/kit/hostile/$source.c" >"$4" ;;
    esac
}
# pack ENDING NAME: what is in $scratch/s becomes $directory/NAME.ENDING; the same bytes every time.
pack() {
    find "$scratch/s" -exec touch -h -d 2026-01-01 {} +
    case $1 in
    folder) cp -r "$scratch/s" "$directory/$2" ;;
    tree) mv "$scratch/s" "$directory/$2" ;;
    zip) (cd "$scratch/s" && bsdtar --format zip -cf "$directory/$2.zip" -- *) ;;
    *) (cd "$scratch/s" && bsdtar -acf "$directory/$2.$1" -- *) ;;
    esac
    rm -rf "$scratch/s"
}
# hand_in FORM NAME KIND N EXERCISE…
hand_in() {
    form=$1 name=$2 kind=$3 n=$4
    shift 4
    mkdir "$scratch/s"
    for exercise; do
        unit=$(unit_of "$exercise")
        case $form in
        flat) put "$kind" "$exercise" "$n" "$scratch/s/$exercise.c" ;;
        folder) put "$kind" "$exercise" "$n" "$scratch/s/$exercise/$exercise.c" ;;
        repository) put "$kind" "$exercise" "$n" "$scratch/s/interleave/labs/$unit/$exercise/$exercise.c" ;;
        *) put "$kind" "$exercise" "$n" "$scratch/s/$unit/$exercise/$exercise.c" ;;
        esac
    done
    case $form in
    flat) form=folder ;;
    repository)
        mkdir -p "$scratch/s/interleave/.git" "$scratch/s/__MACOSX"
        cp -r solutions "$scratch/s/interleave/solutions"
        echo ref >"$scratch/s/interleave/.git/HEAD"
        form=zip ;;
    esac
    pack "$form" "$name"
}

ordinary() {
    i=0
    while [ "$i" -lt "$count" ]; do
        first=$(pick "$i" Ada Björn Chloé Dmitri Élise Fatima Gülşen Håkon Inês Jürgen Kim Łukasz)
        hand_in "$(pick "$i" $forms)" "$first $(printf '%04d' "$i")" "$(pick "$i" $kinds)" \
            "$((i / $(echo "$kinds" | wc -w)))" "$@"
        i=$((i + 1))
    done
}

# Each with the name that its row will have. What is graded although it looks odd comes first.
messy() {
    hand_in zip 'Zoë 🐙 O'\''Neil & Söhne' solution 0 "$1"
    hand_in folder '-rf * "$(reboot)"' solution 0 "$1"
    hand_in folder '<script>alert(1)' stub 0 "$1"
    hand_in folder "$(printf 'two\nlines')" stub 0 "$1"
    hand_in folder "$(printf 'M\374ller in Latin-1')" stub 0 "$1"
    hand_in folder alice solution 0 "$1"
    hand_in zip alice stub 0 "$1"
    hand_in tree 'very deep' solution 0 "$1"
    mkdir -p "$scratch/s/new folder (2)/final/really final"
    put solution "$1" 0 "$scratch/s/new folder (2)/final/really final/$1.c"
    pack zip 'in a nest of folders'
    hand_in repository 'the whole repository' stub 0 "$1"
    for form in tar tar.gz tar.xz tar.zst; do
        hand_in $form "as $form" solution 0 "$1"
    done
    put solution "$1" 0 "$directory/$(printf '%0150d' 0).c"

    # Nothing that could be graded was handed in.
    mkdir "$directory/empty folder"
    mkdir -p "$scratch/s/word"
    echo '<w:document/>' >"$scratch/s/word/document.xml"
    pack zip essay
    mv "$directory/essay.zip" "$directory/essay.docx"
    mkdir "$directory/a fifo" && mkfifo "$directory/a fifo/$1.c"
    mkdir "$directory/a link" && ln -s /etc/passwd "$directory/a link/$1.c"
    mkdir "$directory/a wrong name" && put solution "$1" 0 "$directory/a wrong name/$1 (1).c"

    # What cannot be read, and a person has to look at.
    ln -s alice "$directory/linked"
    head -c 3000 /dev/urandom >"$directory/photo.jpg"
    : >"$directory/nothing.zip"
    for form in zip tar.gz tar.xz tar.zst tar; do
        hand_in $form "torn $form" solution 0 "$1"
        size=$(stat -c %s "$directory/torn $form.$form")
        [ $form = tar ] && size=1200
        truncate -s $((size / 2)) "$directory/torn $form.$form"
    done
}

if [ "$count" = messy ]; then messy "$1"; else ordinary "$@"; fi
