package dev.dromedary;

import java.nio.file.Files;
import java.nio.file.Path;

import dev.dromedary.testing.Sh;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The top level is the table of contents: a file that a script left there does not belong to it. */
class TopLevelTest {

    @Test
    void has_only_what_belongs_there() {
        Assumptions.assumeTrue(Files.exists(Path.of(".git")), "no clone, so it is not known what would be committed");

        // what is committed, and what would be by `git add .`
        String paths = Sh.run(Path.of("").toAbsolutePath(),
                "git -c safe.directory=* ls-files --cached --others --exclude-standard | cut -d/ -f1 | sort -u");

        assertThat(paths.lines()).containsExactlyInAnyOrder(".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE",
                "README.md", "bench", "bin", "config", "docs", "findings", "pom.xml", "routes", "src");
    }
}
