#!/bin/sh
# An archive of classes (-XX:ArchiveClassesAtExit) never has the classes of picocli: they are compiled for Java 5, and HotSpot takes none that
# is older than Java 6. So a command line program that uses the archive to start faster still loads and verifies some 150 classes from
# the jar at each start; only warnings while the archive is made say so.
#
# Seen with picocli 4.7.7 and OpenJDK 17.0.15. Expected: an archive has each loaded class of a jar on the class path.
# Needs java with its compiler, mvn and the network; takes half a minute.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
path=$("$here/class-path-of" "$folder/jars" info.picocli:picocli:4.7.7 org.slf4j:slf4j-simple:2.0.17)

cat >"$folder/Hello.java" <<'END'
import picocli.CommandLine;

@CommandLine.Command(name = "hello")
class Hello implements Runnable {
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Hello()).execute(arguments));
    }

    @Override
    public void run() {
        org.slf4j.LoggerFactory.getLogger("hello").info("hello");
    }
}
END
javac -proc:none -cp "$path" -d "$folder/classes" "$folder/Hello.java"
jar --create --file "$folder/hello.jar" -C "$folder/classes" .
path=$folder/hello.jar:$path
java -version 2>&1 | head -n 1
timeout 60 java -XX:ArchiveClassesAtExit="$folder/archive" -cp "$path" Hello >"$folder/made" 2>&1
sed -n 's/^\[.*\] *\(.* picocli.CommandLine\)$/while it is made: \1/p' "$folder/made"
timeout 60 java -XX:SharedArchiveFile="$folder/archive" -Xlog:class+load:file="$folder/loaded" -cp "$path" Hello 2>/dev/null
# from => the number of classes of a package that come from there
of() {
    grep " $1" "$folder/loaded" | grep -c "$2" || :
}
picocli="$(of picocli 'shared objects file') from the archive, $(of picocli 'picocli-4.7.7.jar') from the jar"
slf4j="$(of org.slf4j 'shared objects file') from the archive, $(of org.slf4j 'slf4j-.*.jar') from the jar"
echo "classes of picocli: $picocli"
echo "classes of slf4j: $slf4j"
case $picocli/$slf4j in
    '0 from the archive, '[1-9]*/[1-9]*' from the archive, 0 '*) ;;
    *) echo "changed" >&2; exit 1 ;;
esac
