#!/bin/sh
# The rsync that Debian 12 came with at its end, 3.2.7-1+deb12u6, takes no list that names something that is gone at the sender
# (--files-from with --delete-missing-args): as a receiver it ends with 2, "invalid file mode 00 for NAME [Receiver]", and nothing of
# that list is carried, whatever else it names. Only the receiver counts. The version does not tell: 3.2.7 without Debian's mends, 3.2.3
# before it and 3.5 after it take such lists.
#
# Seen with Debian's packages rsync 3.2.7-1+deb12u6 and 3.2.3-4+deb11u1. The guess was that what 3.1.0 brought is there from then on,
# but for 3.4.3, which is known to have lost it.
# Wants Debian or a system with apt-get and dpkg-deb, and the network; nothing is installed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$here/../src/test/sh/rsync-of" bookworm 3.2.7-1+deb12u6 "$folder/new"
"$here/../src/test/sh/rsync-of" bullseye 3.2.3-4+deb11u1 "$folder/old"
printf '#!/bin/sh\nshift\nexec sh -c "$*"\n' >"$folder/shell"
chmod +x "$folder/shell"

carry() {
    rm -rf "$folder/source" "$folder/target"
    mkdir "$folder/source" "$folder/target"
    echo 1 >"$folder/source/there"
    touch "$folder/target/gone"
    (cd "$folder/source" && printf './gone\0./there\0' | "$folder/$1/rsync" -a --dirs --no-recursive --from0 --files-from=- --delete \
        --delete-missing-args --rsync-path="$folder/$2/rsync" -e "$folder/shell" ./ "host:$folder/target/" 2>&1) || echo "ended with $?"
    echo "at the target: $(ls "$folder/target" | tr '\n' ' ')"
}

for sender in old new; do
    for receiver in old new; do
        seen=$(carry $sender $receiver)
        echo "sender $sender, receiver $receiver: $seen"
        case $receiver:$seen in
            old:'at the target: there ') ;;
            new:*'invalid file mode 00 for gone [Receiver]'*'ended with 2'*'at the target: gone '*) ;;
            *) echo "changed" >&2; exit 1 ;;
        esac
    done
done
