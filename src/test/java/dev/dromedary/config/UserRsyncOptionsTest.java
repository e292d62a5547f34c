package dev.dromedary.config;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class UserRsyncOptionsTest {

    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            --remove-source-files       | deletes files at the source
            --remove-sent-files         | deletes files at the source
            --daemon                    | something else than the sender
            --server                    | something else than the sender
            --sender                    | something else than the sender
            --config=/etc/rsyncd.conf   | something else than the sender
            --files-from=list           | list of changes
            --no-from0                  | list of changes
            --no-0                      | list of changes
            --recursive                 | list of changes
            --no-recursive              | list of changes
            --no-r                      | list of changes
            -r                          | list of changes
            -a                          | list of changes
            --archive                   | list of changes
            -R                          | list of changes
            --relative                  | list of changes
            --no-relative               | list of changes
            --no-R                      | list of changes
            --no-implied-dirs           | list of changes
            --no-dirs                   | list of changes
            --no-d                      | list of changes
            --ignore-missing-args       | list of changes
            --dry-run                   | sends nothing
            -n                          | sends nothing
            --list-only                 | sends nothing
            --only-write-batch=b        | sends nothing
            --version                   | sends nothing
            -V                          | sends nothing
            --read-batch=b              | batch files
            --write-batch=b             | batch files
            --existing                  | differ from the source
            --ignore-existing           | differ from the source
            --ignore-non-existing       | differ from the source
            -u                          | differ from the source
            --update                    | differ from the source
            --append                    | differ from the source
            --append-verify             | differ from the source
            --size-only                 | differ from the source
            --modify-window=3           | differ from the source
            --no-modify-window          | differ from the source
            -@2                         | differ from the source
            --compare-dest=/x           | lies elsewhere
            --copy-dest=/x              | lies elsewhere
            --copy-dest=../x            | lies elsewhere
            --link-dest=/x              | lies elsewhere
            --keep-dirlinks             | follows links at the target
            --no-keep-dirlinks          | follows links at the target
            -K                          | follows links at the target
            -zK                         | -K (in -zK) follows links
            --insecure-links            | that lead elsewhere
            --trust-sender              | that lead elsewhere
            --temp-dir=.tmp             | in the target
            -T.tmp                      | in the target
            -T../tmp                    | leads upwards
            --backup-dir=.old           | in the target
            --backup-dir=../old         | leads upwards
            -M--backup-dir=.old         | in the target
            --backup-dir=/data/../etc   | leads upwards
            --partial-dir=../part       | leads upwards
            --partial-dir=a/part        | in the target
            --partial-dir=/data/../part | leads upwards
            -m                          | empty folders
            --prune-empty-dirs          | empty folders
            --ignore-errors             | could not be read
            --old-args                  | splits paths
            --delete                    | use the options delete and max-delete
            --no-delete                 | use the options delete and max-delete
            --del                       | use the options delete and max-delete
            --delete-excluded           | use the options delete and max-delete
            --delete-missing-args       | use the options delete and max-delete
            --max-delete=5              | use the options delete and max-delete
            --include=*.html            | use the options include, exclude and filter-from
            --include-from=list         | use the options include, exclude and filter-from
            --exclude=*.swp             | use the options include, exclude and filter-from
            --exclude-from=list         | use the options include, exclude and filter-from
            --filter=merge_x            | use the options include, exclude and filter-from
            -fmerge_x                   | use the options include, exclude and filter-from
            -F                          | use the options include, exclude and filter-from
            -C                          | use the options include, exclude and filter-from
            -essh                       | use the option ssh-options
            --rsh=ssh                   | use the option ssh-options
            --password-file=p           | use the option password-file
            --timeout=5                 | use the option timeout
            --no-timeout                | use the option timeout
            --bwlimit=5                 | use the option bandwidth-limit
            --port=874                  | write it in the url
            -v                          | held in memory
            --verbose                   | held in memory
            --progress                  | held in memory
            -i                          | held in memory
            --itemize-changes           | held in memory
            --out-format=%n             | held in memory
            --stats                     | held in memory
            --info=name                 | held in memory
            -P                          | write --partial
            --stderr=all                | error output
            -q                          | output, which Dromedary reads
            --quiet                     | output, which Dromedary reads
            -8                          | error output
            --remote-option=--sender    | something else than the sender
            -M--delete-excluded         | use the options delete and max-delete
            -nv                         | -n (in -nv) sends nothing
            -znHv                       | -n (in -znHv) sends nothing
            -zB700 -vX                  | -v (in -vX) adds output
            --chmod D755                | has no value
            --chmod                     | has no value
            -z -T                       | has no value
            backup                      | is not an option
            --                          | is not an option
            -                           | is not an option
            ''                          | is not an option
            --chmod='F644               | opened and not closed
            --suffix={{x}}              | {{ or }}
            """)
    void an_option_that_breaks_the_mirror_is_refused_with_a_reason(String options, String reason) throws Exception {
        assertThat(new Configuration(dir).with("mirror.www.rsync-options", options).faults())
                .anySatisfy(fault -> {
                    assertThat(fault.key()).isEqualTo("mirror.www.rsync-options");
                    assertThat(fault.value()).isEqualTo(options);
                    assertThat(fault.toString()).contains(reason);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"-z", "-zHAX", "--inplace", "--no-owner --no-g --no-D", "--chmod=D755,F644", "-B8192", "-zB700n",
            "--rsync-path=sudo_rsync", "-T/tmp/run", "-M--fake-super", "--partial-dir=.part", "--log-file=/tmp/verbose",
            "--no-whole-file", "--no-inc-recursive", "--contimeout=5", "--from0", "-c -W -S -x -h",
            "-b --backup-dir=/var/old", "--partial-dir=/var/part"})
    void other_options_are_taken(String options) throws Exception {
        assertThat(new Configuration(dir).with("mirror.www.rsync-options", options).target().rsyncOptions())
                .containsExactly(options.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
            "/data/www, --temp-dir=/data/www/tmp, true",
            "/data/www, -T/data/www, true",
            "/data/www, --temp-dir=/data/www-tmp, false",
            "/data/www, --backup-dir=/data/./www//old, true",
            "/data/www, --partial-dir=/data/www/part, true",
            "web1:/data/www, --backup-dir=/data/www/old, true",
            "web1:/data/www, -M--backup-dir=/data/www/old, true",
            "web1:/data/www, --backup-dir=/data/old, false",
            // no place but the module can be named there
            "rsync://web1/m/, --backup-dir=/old, false",
            "rsync://web1/m/www/, --backup-dir=/www/old, true",
            "rsync://web1/m/www/, --backup-dir=/old, false"})
    void no_folder_of_rsync_s_own_is_in_the_target(String url, String option, boolean refused) throws Exception {
        Configuration configuration = new Configuration(dir).with("mirror.www.target.backup.url", url)
                .with("mirror.www.target.backup.rsync-options", option);
        if (refused) {
            assertThat(configuration.faults()).hasSize(1).allSatisfy(fault ->
                    assertThat(fault.toString()).contains("is in the target, where a link"));
        } else {
            assertThat(configuration.target().rsyncOptions()).containsExactly(option);
        }
    }

    @Test
    void options_are_split_at_blanks_and_quotation_marks_group() {
        ConfigFaults faults = new ConfigFaults();
        ConfigLine line = new ConfigLine("k", "  -z\t--rsync-path='sudo rsync' \"--suffix= old\"  --log-file=\"it's\" ");

        assertThat(UserRsyncOptions.read(line, null, faults))
                .containsExactly("-z", "--rsync-path=sudo rsync", "--suffix= old", "--log-file=it's");
        assertThat(faults.isEmpty()).isTrue();
    }

    @Test
    void each_refused_letter_of_a_cluster_is_told() throws Exception {
        assertThat(new Configuration(dir).with("mirror.www.rsync-options", "-artuz").faults())
                .extracting(fault -> fault.problem().substring(0, 2)).isEqualTo(List.of("-a", "-r", "-u"));
    }
}
