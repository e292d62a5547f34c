#!/bin/sh
# What a list names and the sender does not have (--delete-missing-args) the receiver holds for a file when it looks at the filter rules,
# whatever it is there. So "- *" behind "+ */" keeps an empty folder from being deleted, which rsync -a --delete with the same rules
# deletes; and "- cache/" does not keep a folder of that name, which rsync -a --delete leaves alone with all that is in it.
#
# Seen with rsync 3.5.0, and with Debian's package 3.2.3-4+deb11u1, which this runs. The guess was that the rules are held to what
# the target has, as they are for all else that is deleted there.
# Wants Debian or a system with apt-get and dpkg-deb, and the network; nothing is installed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$here/../src/test/sh/rsync-of" bullseye 3.2.3-4+deb11u1 "$folder/it"
mkdir "$folder/source"

# left RULE... : what is left of an empty folder and one with a file in it, by a list, and by a whole comparison
left() {
    for way in list whole; do
        rm -rf "$folder/target"
        mkdir -p "$folder/target/album" "$folder/target/cache"
        touch "$folder/target/cache/own"
        if [ $way = list ]; then
            (cd "$folder/source" && printf './album\0./cache\0' | "$folder/it/rsync" -a --dirs --no-recursive --from0 --files-from=- \
                --delete --force --delete-missing-args "$@" ./ "$folder/target/" >/dev/null 2>&1) || :
        else
            "$folder/it/rsync" -a --delete "$@" "$folder/source/" "$folder/target/" >/dev/null 2>&1 || :
        fi
        echo "$way: $(ls "$folder/target" | tr '\n' ' ')"
    done
}

pictures=$(left '--filter=+ */' '--filter=- *' | tr '\n' ';')
folders=$(left '--filter=- cache/' | tr '\n' ';')
echo "+ */, - *   left by a $pictures"
echo "- cache/    left by a $folders"
[ "$pictures" = "list: album cache ;whole: cache ;" ] && [ "$folders" = "list: ;whole: cache ;" ] || { echo "changed" >&2; exit 1; }
