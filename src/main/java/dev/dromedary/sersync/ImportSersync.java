package dev.dromedary.sersync;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import dev.dromedary.log.LogEscaping;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a configuration that does what sersync's did, and reports the result for each part of it. */
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
        ConversionNotes findings = new ConversionNotes();
        List<String> text;
        try {
            text = PropertiesWriter.of(String.valueOf(file.getFileName()), draft(ConfxmlReader.read(file), findings), findings);
        } catch (UnusableConfxmlException e) {
            err.println("dromedary: " + LogEscaping.of(file + ": " + e.getMessage()));
            err.flush();
            return REFUSED;
        }
        text.forEach(out::println);
        out.flush();
        findings.all().forEach(err::println);
        int notTaken = findings.of(ElementConversionStatus.NOT_TAKEN).size();
        err.println(findings.of(ElementConversionStatus.TAKEN).size() + " taken over, " + findings.of(ElementConversionStatus.NOT_NEEDED).size()
                + " not needed here, " + notTaken + " NOT taken over" + (notTaken == 0 ? "" : " (comments in the output)"));
        err.flush();
        return notTaken == 0 ? CommandLine.ExitCode.OK : NOT_ALL;
    }

    private static ConfigDraft draft(ConfxmlReader file, ConversionNotes findings) throws UnusableConfxmlException {
        ConfxmlElement head = file.root();
        if (!head.name().equals("head")) {
            throw new UnusableConfxmlException("it begins with <" + head.name() + ">, sersync's configuration with <head>",
                    "name sersync's configuration, usually confxml.xml");
        }
        if (head.first("sersync").all("localpath").isEmpty()) {
            throw new UnusableConfxmlException("it has no <localpath watch=\"...\"> in <sersync>, so there is nothing to mirror",
                    "name the confxml.xml that sersync runs with");
        }
        ConfigDraft draft = new ConfigDraft();
        ConfxmlSchema.check(file, findings);
        machine(head, findings);
        InotifyConversion.read(head, draft, findings);
        PathConversion.read(head, draft, findings);
        RsyncParamsConversion.read(head, draft, findings);
        FilterConversion.read(head, draft, findings);
        AuthConversion.read(head, draft, findings);
        ScheduleConversion.read(head, draft, findings);
        PluginConversion.read(head, draft, findings);
        return draft;
    }

    /** Reports the settings about sersync's own machine. */
    private static void machine(ConfxmlElement head, ConversionNotes findings) {
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
