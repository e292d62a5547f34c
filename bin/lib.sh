# Read in by the scripts beside it: finds the tools that they need, and installs those that are missing.

fail() {
    echo "dromedary: $*" >&2
    exit 1
}

# Points JAVA_HOME at a Java of 17 or later, or at none; `find_java javac` takes only one that can compile.
find_java() {
    for java in "${JAVA_HOME:-/none}/bin/java" "$(command -v java)" /usr/lib/jvm/*/bin/java \
        /opt/homebrew/opt/openjdk/bin/java /usr/local/opt/openjdk/bin/java; do
        [ -x "$java" ] || continue
        home=$(readlink -f "$java" 2>/dev/null) && home=${home%/bin/java}
        # most say it in a file, which takes less time than to start them
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release" 2>/dev/null)
        if [ -z "$version" ]; then
            facts=$("$java" -XshowSettings:properties -version 2>&1) || continue
            home=$(printf '%s\n' "$facts" | sed -n 's/^ *java\.home = //p')
            version=$(printf '%s\n' "$facts" | sed -n 's/^ *java\.specification\.version = //p')
        fi
        [ "${version%%.*}" -ge 17 ] && [ -x "$home/bin/${1:-java}" ] || continue
        export JAVA_HOME="$home"
        return 0
    done
    return 1
}

has() {
    case $1 in
        java) find_java ;;
        jdk) find_java javac ;;
        maven) command -v mvn ;;
        # macOS brings an rsync of another make, which lacks what is needed
        rsync) rsync --version | grep 'version [3-9]' ;;
        openssh) command -v ssh && command -v ssh-keygen && { command -v sshd || [ -x /usr/sbin/sshd ]; } ;;
        # the tests of the page are left out where apt-get does not bring it
        chromium) command -v chromium || command -v chromium-browser || ! command -v apt-get ;;
        iproute2) command -v ip || ! command -v apt-get ;;
        # the test that runs the image is left out without
        tini) command -v tini || ! command -v apt-get ;;
        # so are those that set the clock
        faketime) command -v faketime || ! command -v apt-get ;;
        # the test of two disks in one place is left out without
        xfsprogs) command -v mkfs.xfs || [ -x /usr/sbin/mkfs.xfs ] || ! command -v apt-get ;;
        # and so is that of a disk that fails
        strace) command -v strace || ! command -v apt-get ;;
        lsyncd | inotifywait | mmdebstrap) command -v "$1" ;;
    esac >/dev/null 2>&1
}

# The package that brings a tool; of several, the first that the package manager knows.
package() {
    case $1-$2 in
        apt-get-java | apt-get-jdk) first_of 'apt-cache show' openjdk-17-jdk-headless openjdk-21-jdk-headless default-jdk-headless ;;
        dnf-java | dnf-jdk) first_of 'dnf -q list' java-21-openjdk-devel java-17-openjdk-devel java-latest-openjdk-devel ;;
        apk-java | apk-jdk) echo openjdk17-jdk ;;
        pacman-java | pacman-jdk) echo jdk17-openjdk ;;
        brew-java | brew-jdk) echo openjdk ;;
        apt-get-openssh) echo openssh-server openssh-client ;;
        dnf-openssh) echo openssh-server openssh-clients ;;
        *-inotifywait) echo inotify-tools ;;
        *) echo "$2" ;;
    esac
}

first_of() {
    knows=$1
    shift
    for name; do
        $knows "$name" >/dev/null 2>&1 && break
    done
    echo "$name"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

install() {
    case $manager in
        # The policy keeps a package's service from being started here: only its programs are wanted.
        apt-get) as_root env DEBIAN_FRONTEND=noninteractive sh -c '
            policy=/usr/sbin/policy-rc.d
            if [ ! -e $policy ]; then
                trap "rm -f $policy" EXIT
                trap "exit 1" HUP INT TERM
                printf "#!/bin/sh\nexit 101\n" >$policy
                chmod 755 $policy
            fi
            apt-get -qq -y --no-install-recommends install "$@"' sh "$@" ;;
        dnf) as_root dnf -q -y install "$@" ;;
        apk) as_root apk -q --no-cache add "$@" ;;
        pacman) as_root pacman -Sy --needed --noconfirm --quiet "$@" ;;
        brew) brew install --quiet "$@" ;;
    esac </dev/null >/dev/null
}

# need TOOL...: installs those that are missing, or says how to, and ends.
need() {
    missing=
    for tool; do
        has "$tool" || missing="$missing $tool"
    done
    [ -n "$missing" ] || return 0

    for manager in apt-get dnf apk pacman brew ''; do
        [ -z "$manager" ] || ! command -v "$manager" >/dev/null 2>&1 || break
    done
    [ -n "$manager" ] || fail "please install$missing (Java must be 17 or later)"

    case $manager in
        brew) may=yes ;;
        *) [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null 2>&1 && may=yes || may= ;;
    esac
    if [ -n "$may" ]; then
        echo "dromedary: installing$missing with $manager" >&2
        [ "$manager" != apt-get ] || as_root apt-get -qq update </dev/null >/dev/null || :
    fi
    packages=
    for tool in $missing; do
        packages="$packages $(package "$manager" "$tool")"
    done
    # What counts is whether the tools are there afterwards.
    # shellcheck disable=SC2086
    [ -z "$may" ] || install $packages || :
    for tool in $missing; do
        has "$tool" || case $manager in
            brew) fail "$tool is missing; install it with: brew install$packages" ;;
            apk) fail "$tool is missing; install it as root with: apk add$packages" ;;
            pacman) fail "$tool is missing; install it as root with: pacman -S$packages" ;;
            *) fail "$tool is missing; install it as root with: $manager install$packages" ;;
        esac
    done
}
