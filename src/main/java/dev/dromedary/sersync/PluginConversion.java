package dev.dromedary.sersync;

import java.util.stream.Collectors;

/** Converts {@code <plugin>}: the notifications that sersync sent. Here these need a Camel endpoint, which a person has to write. */
final class PluginConversion {

    private static final String WAY = "after, a Camel endpoint, is told as JSON what has arrived";

    private PluginConversion() {
    }

    static void read(ConfxmlElement head, ConfigDraft draft, ConversionNotes findings) {
        ConfxmlElement chosen = head.first("sersync").first("plugin");
        String name = chosen.isOn() ? chosen.get("name") : "";
        boolean found = false;
        for (ConfxmlElement plugin : head.all("plugin")) {
            boolean active = !name.isEmpty() && !found && plugin.get("name").equals(name);
            found |= active;
            plugin(plugin, active, draft, findings);
        }
        String shown = "start=\"" + chosen.get("start") + "\" name=\"" + chosen.get("name") + "\"";
        if (chosen.isOn() && found) {
            findings.notNeeded(chosen, shown, WAY + "; see <plugin name=\"" + name + "\">");
        } else if (chosen.isOn()) {
            findings.notTaken(chosen, shown, "there is no <plugin name=\"" + name + "\">, so sersync would not have started;"
                    + " take it out, or set after to a Camel endpoint");
        } else if (chosen.isThere()) {
            findings.notNeeded(chosen, shown, "it is switched off");
        }
    }

    private static void plugin(ConfxmlElement plugin, boolean active, ConfigDraft draft, ConversionNotes findings) {
        String name = plugin.get("name");
        String shown = "name=\"" + name + "\"";
        if (!name.matches("command|socket|refreshCDN|http")) {
            findings.notTaken(plugin, shown, "sersync has no such plugin; look whether it is misspelt");
            return;
        }
        if (!active) {
            findings.notNeeded(plugin, shown, "it is not the plugin that <sersync> switches on");
            return;
        }
        ConfxmlElement localpath = plugin.first("localpath");
        switch (name) {
            case "command" -> command(plugin, shown, draft, findings);
            case "socket" -> {
                ConfxmlElement host = localpath.first("deshost");
                findings.notTaken(plugin, shown, "sersync sent each path below " + localpath.get("watch") + " to TCP "
                        + host.get("ip") + ":" + host.get("port") + "; write a program that does, such as with nc, for the"
                        + " JSON on its standard input, and set after to it");
                draft.way("after = exec:/usr/local/bin/tell-" + PropertiesEscaping.name(host.get("ip"), "host"));
            }
            case "refreshCDN" -> {
                ConfxmlElement cdn = localpath.first("cdninfo");
                ConfxmlElement regex = localpath.first("regexurl");
                findings.notTaken(plugin, shown, "sersync asked " + cdn.get("domainname") + ":" + cdn.get("port") + " as "
                        + cdn.get("username") + " (the passwd is not copied) to fetch anew "
                        + localpath.first("sendurl").get("base") + " and the path below " + localpath.get("watch")
                        + (regex.get("regex").equals("true") ? ", cut by the expression " + regex.get("match") : "")
                        + "; write a program that does, such as with curl, for the JSON on its standard input, and set after"
                        + " to it");
                draft.way("after = exec:/usr/local/bin/purge-" + PropertiesEscaping.name(cdn.get("domainname"), "cdn"));
            }
            default -> {
                findings.notTaken(plugin, shown, "sersync 2.5 has this plugin by name only, and does not start with it;"
                        + " write a program that asks what you want, such as with curl, and set after to it");
                draft.way("after = exec:/usr/local/bin/tell-by-http");
            }
        }
    }

    private static void command(ConfxmlElement plugin, String shown, ConfigDraft draft, ConversionNotes findings) {
        ConfxmlElement param = plugin.first("param");
        ConfxmlElement filter = plugin.first("filter");
        String only = filter.isOn() ? ", only for paths that are wholly like " + filter.all("include").stream()
                .map(i -> i.get("expression")).collect(Collectors.joining(" or ")) : "";
        findings.notTaken(plugin, shown, "after each sync sersync ran: " + (param.get("prefix") + " PATH "
                + param.get("suffix")).strip() + only + (param.get("ignoreError").equals("true")
                        ? ", without its output" : "") + "; write a program that does it for"
                        + " the JSON on its standard input, which names many paths, and set after to it");
        draft.way("after = exec:/usr/local/bin/after-sync");
    }
}
