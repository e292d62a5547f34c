#!/bin/sh
# rsync -r --delete-after SOURCE/ SOURCE/NAME TARGET deletes at the target although SOURCE/NAME is missing. The run ends with 23, and its manual says of
# --delete that deletions are disabled if the sending side detects an I/O error; but a missing argument does not count as one, while a
# folder that can't be read does. So naming something that has to be there does not protect a target from an empty source, such as
# a disk that is not mounted.
#
# Seen with rsync 3.5.0 (--delete, from a daemon), and with Debian's package 3.2.3-4+deb11u1, which this runs. The guess was that the run
# says "IO error encountered -- skipping file deletion".
# Wants Debian or a system with apt-get and dpkg-deb, setpriv, and the network; nothing is installed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
trap 'chmod -R u+rwX "$folder"; rm -rf "$folder"' EXIT
"$here/../src/test/sh/rsync-of" bullseye 3.2.3-4+deb11u1 "$folder/it"
chmod 755 "$folder"
chmod -R a+rX "$folder/it"

# one that root runs reads every folder
user=
[ "$(id -u)" -ne 0 ] || user="setpriv --reuid=65534 --regid=65534 --clear-groups"

# run SOURCE... : what is left of a target with a file that the source does not have, and the exit code
run() {
    rm -rf "$folder/target"
    mkdir "$folder/target"
    echo kept >"$folder/target/precious"
    chmod -R a+rwX "$folder/target"
    exit=0
    # shellcheck disable=SC2086
    (cd "$folder" && $user "$folder/it/rsync" -r --delete-after "$@" target/ >"$folder/said" 2>&1) || exit=$?
    echo "exit $exit, left: $(ls "$folder/target" | tr '\n' ' ')"
}

mkdir -p "$folder/empty" "$folder/closed/shut"
chmod 0 "$folder/closed/shut"
missing=$(run empty/ empty/has-to-be-there)
closed=$(run closed/)
echo "an argument is missing:      $missing"
echo "a folder can't be read:      $closed"

[ "$missing" = "exit 23, left: " ] || { echo "changed: a missing argument keeps what the target has" >&2; exit 1; }
case $closed in
    "exit 23, left: precious "* | "exit 23, left: "*precious*) ;;
    *) echo "changed: a folder that can't be read lets the target's files be deleted" >&2; exit 1 ;;
esac
