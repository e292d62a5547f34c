#!/bin/sh
# With the rsync that Debian 12 came with at its end, 3.2.7-1+deb12u6, as the receiver, a file that was cut off never arrives if the part
# of it was kept in a folder that --partial-dir names from the root: "failed verification -- update put into partial-dir", again and
# again, though the part is right and by then even whole. Only the receiver counts.
#
# Seen with Debian's packages rsync 3.2.7-1+deb12u6 and 3.2.3-4+deb11u1. The guess was that the second attempt succeeds, as it begins with
# what the first one has kept.
# Wants Debian or a system with apt-get and dpkg-deb, and the network; nothing is installed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$here/../src/test/sh/rsync-of" bookworm 3.2.7-1+deb12u6 "$folder/new"
"$here/../src/test/sh/rsync-of" bullseye 3.2.3-4+deb11u1 "$folder/old"
printf '#!/bin/sh\nshift\nexec sh -c "$*"\n' >"$folder/shell"
chmod +x "$folder/shell"
head -c 3000000 /dev/urandom >"$folder/file"

for receiver in old new; do
    rm -rf "$folder/target"
    mkdir -p "$folder/target/parts"
    head -c 1000000 "$folder/file" >"$folder/target/parts/file"
    for attempt in 1 2 3; do
        seen=$("$folder/$receiver/rsync" -a --no-whole-file --partial-dir="$folder/target/parts" --rsync-path="$folder/$receiver/rsync" \
            -e "$folder/shell" "$folder/file" "host:$folder/target/" 2>&1) || seen="$seen ended with $?"
        cmp -s "$folder/file" "$folder/target/file" && there=yes || there=no
        echo "receiver $receiver, attempt $attempt: there: $there; $seen"
        case $receiver:$there:$seen in
            old:yes:*) ;;
            new:no:*'failed verification -- update put into partial-dir'*) ;;
            *) echo "changed" >&2; exit 1 ;;
        esac
    done
done
