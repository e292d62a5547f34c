package dev.dromedary.e2e;

import dev.dromedary.testing.Dromedary;
import dev.dromedary.testing.Tree;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.dromedary.testing.Mirrors.eventually;
import static dev.dromedary.testing.Mirrors.eventuallySame;
import static org.assertj.core.api.Assertions.assertThat;

class NamesIT {

    /** Defines names(), which does the same for every name: "$1" NAME. */
    private static final String NAMES = """
            names() {
                for name in '#hash' ';semicolon' '-dash' '--delete' ' lead' 'trail ' 'two  spaces' '.hidden' '...' '..dots' \\
                    "it's" '"quoted"' '`id`' '$(id)' '$HOME' '${body}' '${header.CamelFileName}' '{{env:HOME}}' '{{x}}' \\
                    'RAW(x)' '?a=b&c=d' '%20' '%s%n' '%2F' '*' 'a*' '?' '[ab]' '[!a]' '***' 'back\\slash' '\\' '\\#012' '\\n' \\
                    '{a,b}' '~' '~root' '!bang' 'colon:name' 'a@b::c' '+ plus' '- minus' 'a,b' 'a;b' 'a|b' 'a&b' '<a>' \\
                    'file~' '.~tmp~' 'x.swp' '$(printf 1)' 'con' 'lost+found' 'CVS' 'core'; do
                    "$1" "$name"
                done
                # What a name ends with is kept from the shell by the x.
                for bytes in 'new\\nline' '\\nfirst' 'last\\n' 'tab\\tin' 'return\\r' 'bell\\007' 'escape\\033[31m' 'delete\\177' \\
                    'latin-caf\\351' 'utf8-caf\\303\\251' 'apart-cafe\\314\\201' '\\377' '\\376\\377' '\\300\\200' 'cut-\\303' \\
                    '\\360\\237\\220\\252' '\\342\\200\\256rtl' '\\355\\240\\200'; do
                    name=$(printf "${bytes}x")
                    "$1" "${name%x}"
                done
                "$1" "$(printf '%0255d' 0)"
                "$1" "$(printf '%0253d' 0 | tr 0 '\\377')"
            }
            """;

    @AutoClose
    private final Stage stage = new Stage();

    /** A Java in the plain locale can spell few of these names; their bytes must survive all the same. */
    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8"})
    void any_name_is_only_a_name(String locale) {
        stage.inSource(NAMES + "mkdir before; cd before; make() { echo 1 >\"./$1\"; }; names make");
        Dromedary dromedary = stage.configured().dromedary().environment("LC_ALL", locale).start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);
        assertThat(Tree.of(stage.target).size()).isGreaterThan(70);

        stage.inSource(NAMES + """
                make() { mkdir "./$1"; echo 1 >"./$1/$1"; mkdir "./$1/in"; echo 2 >"./$1/in/file"; ln -s -- "$1" "./$1/link"; }
                mkdir live; cd live; names make
                """);
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource(NAMES + "change() { echo 2 >>\"./$1/$1\"; rm \"./$1/link\"; }; cd live; names change");
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource(NAMES + "rename() { mv \"./$1/in\" \"./$1/$1\".in 2>/dev/null || mv \"./$1/in\" \"./$1/inn\"; }; cd live; names rename");
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource("mv live later");
        eventuallySame(stage.source, stage.target, dromedary);

        stage.inSource(NAMES + "remove() { rm -r \"./$1\"; }; cd later; names remove");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    /** rsync would cut it, and mirror another one. */
    @Test
    void a_path_that_is_too_long_is_reported_and_counted_and_does_not_hold_up_others() {
        String down = "name=$(printf '%0200d' 0); for i in $(seq 20); do mkdir -p $name; cd $name; done; ";
        stage.inSource("echo 1 >file");
        Dromedary dromedary = stage.configured().start().awaitReady();
        stage.inSource(down + "echo 1 >$(printf '%0100d' 0)");
        stage.inSource("echo 2 >other");

        eventually("the other file, the count and the line", dromedary, () -> Tree.of(stage.target).has("other")
                && dromedary.get("/observe/metrics").body().matches("(?s).*dromedary_refused_total\\{[^}]*} [1-9].*")
                && dromedary.output().contains("NOT mirrored"));
        stage.inSource("rm -r $(printf '%0200d' 0)");
        eventuallySame(stage.source, stage.target, dromedary);
    }

    @Test
    void a_deleted_name_is_no_pattern() {
        stage.inSource("for name in '*' 'a*' '?' '[ab]' '**' 'a?' a ab; do echo 1 >\"$name\"; done; mkdir c; echo 4 >c/a");
        Dromedary dromedary = stage.configured().start().awaitReady();
        eventuallySame(stage.source, stage.target, dromedary);

        for (String name : new String[] {"*", "a*", "?", "[ab]", "**", "a?"}) {
            stage.inSource("rm './" + name + "'");
            eventuallySame(stage.source, stage.target, dromedary);
        }
    }
}
