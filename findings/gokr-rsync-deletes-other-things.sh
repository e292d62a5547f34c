#!/bin/sh
# gokr-rsync, the rsync in Go, as a receiver deletes other things with --delete than rsync does. What --exclude protects it deletes as well, though
# it says that it has read the rules. And of the files of a folder that are gone it deletes the first and leaves the others, which takes a
# further run for each. Both sides end with 0 each time. rsync deletes all that is gone, and nothing that is excluded.
#
# Seen with gokr-rsync 0.3.8-1 of Debian sid, from rsync 3.5.0. It refuses what it does not know ("unknown option": --files-from, --timeout,
# --partial-dir, -H, -z); the guess was that it holds to the rules or refuses them, too, and deletes all that is gone.
# Wants rsync, apt-get and dpkg-deb, and the network; nothing is installed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$here/package-of" sid gokr-rsync=0.3.8-1 "$folder/go"
printf '#!/bin/sh\nexec "%s/go/run" gokr-rsync "$@"\n' "$folder" >"$folder/gokr-rsync"
# in the place of ssh
printf '#!/bin/sh\nshift\nexec sh -c "$*"\n' >"$folder/shell"
chmod +x "$folder/gokr-rsync" "$folder/shell"
mkdir "$folder/source"
echo content >"$folder/source/file"

run() {
    receiver=$1
    shift
    timeout 60 rsync -a --delete --rsh="$folder/shell" --rsync-path="$receiver" "$@" "$folder/source/" "host:$folder/target/" \
        >"$folder/output" 2>&1 && code=0 || code=$?
    echo "ended with $code, left: $(cd "$folder/target" && find . -type f | sort | tr '\n' ' ')"
}
# what is left of an uploads/own and a file that the rules protect, and of three files that are gone
excluded() {
    rm -rf "$folder/target"
    mkdir -p "$folder/target/uploads"
    touch "$folder/target/uploads/own" "$folder/target/z.log"
    run "$1" --exclude=/uploads --exclude='*.log'
}
gone() {
    rm -rf "$folder/target"
    mkdir -p "$folder/target"
    touch "$folder/target/gone1" "$folder/target/gone2" "$folder/target/gone3"
    run "$1"
}

rsync --version | head -n 1
for receiver in rsync "$folder/gokr-rsync"; do
    excluded=$(excluded "$receiver")
    gone=$(gone "$receiver")
    again=$(run "$receiver")
    echo "${receiver##*/}: what is excluded: $excluded; three files that are gone: $gone; again: $again"
    case ${receiver##*/} in
        rsync) expected="ended with 0, left: ./file ./uploads/own ./z.log ;ended with 0, left: ./file ;ended with 0, left: ./file " ;;
        *) expected="ended with 0, left: ./file ;ended with 0, left: ./file ./gone2 ./gone3 ;ended with 0, left: ./file ./gone3 " ;;
    esac
    [ "$excluded;$gone;$again" = "$expected" ] || { echo "changed" >&2; exit 1; }
done
