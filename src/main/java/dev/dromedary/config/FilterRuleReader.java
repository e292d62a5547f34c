package dev.dromedary.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes rsync filter rules from the user's patterns and rule files. */
final class FilterRuleReader {

    // only include and exclude rules: all other kinds name further files, or act on one side only
    private static final Pattern RULE = Pattern.compile("(?:[+-]|include|exclude) .*\\S.*");

    private FilterRuleReader() {
    }

    /** {@return the patterns of a comma separated line as rules with that sign; faults are reported} */
    static List<String> rules(String sign, ConfigLine line, ConfigFaults faults) {
        // a line end in a pattern would start a new rule
        if (line.value().codePoints().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
            faults.add(line, "it holds a control character", "separate patterns by commas");
        }
        return Stream.of(line.value().split(",")).map(String::strip).filter(p -> !p.isEmpty())
                .map(p -> sign + " " + p).toList();
    }

    /** {@return the rules in a file; faults are reported} */
    static List<String> file(ConfigLine line, Path file, ConfigFaults faults) {
        List<String> rules = new ArrayList<>();
        try {
            List<String> written = TextFile.read(file).lines().toList();
            for (int i = 0; i < written.size(); i++) {
                String rule = written.get(i);
                if (rule.isBlank() || rule.startsWith("#") || rule.startsWith(";")) {
                    continue;
                }
                if (RULE.matcher(rule).matches()) {
                    rules.add(rule);
                } else {
                    faults.add(line, "line " + (i + 1) + " of " + file + " is not a rule of a mirror: " + rule,
                            "write \"+ PATTERN\" or \"- PATTERN\"");
                }
            }
        } catch (CharacterCodingException e) {
            faults.add(line, file + ": " + e.getMessage(), "save it as UTF-8");
        } catch (IOException e) {
            faults.add(line, file + " cannot be read", "name a file of filter rules that is there");
        }
        return rules;
    }

    /** {@return the rule that excludes one folder, given by its path from the root of the tree} */
    static String without(Path folder) {
        String path = folder.toString();
        // rsync takes a backslash literally as long as the path contains no wildcard
        if (path.matches("(?s).*[*?\\[].*")) {
            path = path.replaceAll("[\\\\*?\\[]", "\\\\$0");
        }
        return "- /" + path + "/";
    }
}
