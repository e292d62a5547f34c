#!/bin/sh
# An rsync that sends and whose list does not come (--files-from=- with nobody writing) outlives its own --timeout, and ends with 0 once the
# list is there. A daemon's "timeout" does end it at the other side; the waiting one goes on as if nothing were, and ends with 12 only when
# its list comes (not where its own --timeout is as short: then it keeps in touch). And a daemon enters a module's folder when it is connected to, not when it is told what is sent: if that folder is renamed
# meanwhile and another one made in its place, all of it goes to the renamed one, and both sides call that a success.
#
# Seen with rsync 3.5.0, and with Debian's package 3.2.3-4+deb11u1, which this runs. The guesses were code 30 after --timeout, at both, and
# the folder that is there when the list comes, as it is with a target that is a path.
# Wants Debian or a system with apt-get and dpkg-deb, python3 for a free port, and the network; nothing is installed.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
daemon=
trap '[ -z "$daemon" ] || kill "$daemon"; rm -rf "$folder"' EXIT
"$here/../src/test/sh/rsync-of" bullseye 3.2.3-4+deb11u1 "$folder/it"
mkdir "$folder/source" "$folder/target"
echo 1 >"$folder/source/file"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

# serves LINE : a daemon on a free port of loopback, with one more line of configuration
serves() {
    [ -z "$daemon" ] || { kill "$daemon"; wait "$daemon" || :; }
    printf '%s\n' "port = $port" 'address = 127.0.0.1' 'use chroot = no' "uid = $(id -u)" "gid = $(id -g)" "log file = $folder/log" "$1" \
        '[m]' "path = $folder/target" 'read only = no' >"$folder/conf"
    "$folder/it/rsync" --daemon --no-detach "--config=$folder/conf" &
    daemon=$!
    tries=0
    until "$folder/it/rsync" "rsync://127.0.0.1:$port/" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || exit 1
        sleep 0.1
    done
}

# waits SECONDS TIMEOUT COMMAND : what a run of that --timeout ends with whose list comes so late, after a command
waits() {
    (cd "$folder/source" && { sleep "$1"; eval "$3"; printf 'file\0'; } | {
        code=0
        "$folder/it/rsync" -a "--timeout=$2" --from0 --files-from=- ./ "rsync://127.0.0.1:$port/m/" >/dev/null 2>&1 || code=$?
        echo "$code"
    })
}

serves ''
own=$(waits 5 2 :)
serves 'timeout = 2'
other=$(waits 5 60 :)
serves ''
rm -f "$folder/target/file"
renamed=$(waits 1 60 "mv '$folder/target' '$folder/renamed'; mkdir '$folder/target'")
where=$(find "$folder/target" "$folder/renamed" -name file | sed "s|$folder/||")
echo "its own timeout: $own   the daemon's: $other   renamed meanwhile: $renamed, to $where"
[ "$own $other $renamed $where" = "0 12 0 renamed/file" ] || { echo "changed" >&2; exit 1; }
