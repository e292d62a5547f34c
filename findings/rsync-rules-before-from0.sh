#!/bin/sh
# rsync --filter='merge FILE' --from0 reads FILE by lines, and --from0 --filter='merge FILE' by NULs: a file is read when its option is, and each option
# only has an effect on those behind it. In a file with NULs the other order keeps the first rule and drops all others, without a word and with exit 0.
# A last rule "protect *" is lost in that way, and --delete deletes what it was to protect. The manual's section on --from0 names merge files, and
# no order.
#
# Seen with rsync 3.5.0, and with Debian's package 3.2.3-4+deb11u1, which this runs. The guess was that all options are read first, as it is with
# --files-from.
# Wants Debian or a system with apt-get and dpkg-deb, and the network; nothing is installed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$here/../src/test/sh/rsync-of" bullseye 3.2.3-4+deb11u1 "$folder/it"
cd "$folder"
printf 'risk /old\0protect *\0' >rules
mkdir source

# left OPTION... : what is left at the target
left() {
    rm -rf target
    mkdir target
    touch target/old target/precious
    "$folder/it/rsync" -r --delete "$@" source/ target/
    ls target | tr '\n' ' '
}

before=$(left --from0 '--filter=merge rules')
behind=$(left '--filter=merge rules' --from0)
echo "--from0 in front of the rules: left $before"
echo "--from0 behind them:           left $behind"
[ "$before" = "precious " ] || { echo "changed: rules that end in NULs are read otherwise" >&2; exit 1; }
[ -z "$behind" ] || { echo "changed: --from0 has an effect on a file that was named before it, or the rest of it is reported" >&2; exit 1; }
