package dev.dromedary.sersync;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import dev.dromedary.log.OneLine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a configuration that does what sersync's did, and says what became of each part of it. */
@Command(name = "import-sersync", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
        description = "Prints an application.properties for what sersync's confxml.xml says; what could not be taken over"
                + " is a comment in it. Says on standard error what became of each part.%n",
        footer = {"", "Exit codes: 0 all was taken over or is not needed, 1 something was not, 2 the file is refused"})
public final class ImportSersync implements Callable<Integer> {

    private static final int NOT_ALL = 1;
    private static final int REFUSED = 2;

    @Parameters(paramLabel = "FILE", description = "sersync's configuration, usually confxml.xml.")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Findings findings = new Findings();
        List<String> text;
        try {
            text = PropertiesText.of(String.valueOf(file.getFileName()), draft(XmlFile.read(file), findings), findings);
        } catch (RefusedException e) {
            err.println("dromedary: " + OneLine.of(file + ": " + e.getMessage()));
            err.flush();
            return REFUSED;
        }
        text.forEach(out::println);
        out.flush();
        findings.all().forEach(err::println);
        int notTaken = findings.of(Fate.NOT_TAKEN).size();
        err.println(findings.of(Fate.TAKEN).size() + " taken over, " + findings.of(Fate.NOT_NEEDED).size()
                + " not needed here, " + notTaken + " NOT taken over" + (notTaken == 0 ? "" : " (comments in the output)"));
        err.flush();
        return notTaken == 0 ? CommandLine.ExitCode.OK : NOT_ALL;
    }

    private static Draft draft(XmlFile file, Findings findings) throws RefusedException {
        Element head = file.root();
        if (!head.name().equals("head")) {
            throw new RefusedException("it begins with <" + head.name() + ">, sersync's configuration with <head>",
                    "name sersync's configuration, usually confxml.xml");
        }
        if (head.first("sersync").all("localpath").isEmpty()) {
            throw new RefusedException("it has no <localpath watch=\"...\"> in <sersync>, so there is nothing to mirror",
                    "name the confxml.xml that sersync runs with");
        }
        Draft draft = new Draft();
        Grammar.check(file, findings);
        machine(head, findings);
        Events.read(head, draft, findings);
        Places.read(head, draft, findings);
        RsyncParams.read(head, draft, findings);
        Excludes.read(head, draft, findings);
        Access.read(head, draft, findings);
        Times.read(head, draft, findings);
        Plugins.read(head, draft, findings);
        return draft;
    }

    /** What sersync has to be told about its machine. */
    private static void machine(Element head, Findings findings) {
        if (head.has("version")) {
            findings.notNeeded(head, "version=\"" + head.get("version") + "\"", "sersync does not read it either");
        }
        if (head.first("host").isThere()) {
            findings.notNeeded(head.first("host"), "hostip port", "nothing listens there in sersync; Dromedary's page is"
                    + " at camel.server.host and camel.server.port");
        }
        if (head.first("debug").isThere()) {
            findings.notNeeded(head.first("debug"), "start=\"" + head.first("debug").get("start") + "\"",
                    "the log says what goes wrong, the page and /api/status say what is going on");
        }
        if (head.first("fileSystem").isThere()) {
            findings.notNeeded(head.first("fileSystem"), "xfs=\"" + head.first("fileSystem").get("xfs") + "\"",
                    "folders are known as such on every file system");
        }
    }
}
