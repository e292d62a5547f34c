package dev.dromedary.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** docs/configuration.md has each key as the code has it. */
class ConfigurationDocTest {

    @TempDir
    Path dir;

    @Test
    void each_key_stands_there_with_its_type_its_default_and_an_example() throws IOException {
        KeyTables.check(Path.of("docs/configuration.md"), KeyTables.markdown());
    }

    @Test
    void each_key_is_described_in_sentences() {
        Stream<KeyDescription> all = Stream.of(Stream.of(ProgramKey.values()).map(ProgramKey::text), Stream.of(MirrorKey.values())
                .map(MirrorKey::text), Stream.of(TargetKey.values()).map(TargetKey::text)).flatMap(keys -> keys);
        assertThat(all).allSatisfy(key -> {
            assertThat(key.type()).isNotBlank();
            assertThat(key.description()).matches("[A-Z][^\\n|]*\\.");
        });
    }

    @ParameterizedTest
    @EnumSource
    void the_example_of_an_option_is_taken(TargetKey option) throws Exception {
        Configuration configuration = new Configuration(dir);
        configuration.folder("config");
        configuration.password("config/backup.pass", "rw-------");
        configuration.file("config/rules", "- *.tmp\n");
        String url = option == TargetKey.PASSWORD_FILE ? "rsync://host/module/" : option == TargetKey.SSH_OPTIONS ? "host:/path" : "target";
        configuration.with("mirror.www.target.backup.url", url)
                .with("mirror.www.target.backup." + option.key(), option.text().example());
        if (option == TargetKey.QUIET) {
            configuration.with("mirror.www.target.backup.releases", "5");
        }

        assertThat(configuration.told()).isEmpty();
    }

    @Test
    void so_is_that_of_each_key_that_names_no_folder_of_this_machine() throws Exception {
        Configuration configuration = new Configuration(dir);
        for (ProgramKey key : List.of(ProgramKey.MAX_RUNS, ProgramKey.LOG_FORMAT, ProgramKey.LOG_LEVEL)) {
            configuration.with(key.key(), key.text().example());
        }
        for (MirrorKey key : List.of(MirrorKey.WATCH, MirrorKey.PUBLISH)) {
            configuration.with("mirror.www." + key.key(), key.text().example());
        }
        Files.createDirectories(dir.resolve("here"));
        configuration.with("mirror.pulled." + MirrorKey.SUBSCRIBE.key(), MirrorKey.SUBSCRIBE.text().example())
                .with("mirror.pulled.source", "rsync://host/module/").with("mirror.pulled.target.here.url", "here");

        assertThat(configuration.told()).isEmpty();
    }
}
