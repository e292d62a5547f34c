package dev.dromedary.sersync;

import java.util.List;
import java.util.Map;

/**
 * One element of a confxml.xml, as it was written.
 *
 * @param line its line in the file; 0 if it is not there
 */
record ConfxmlElement(String name, int line, Map<String, String> attributes, List<ConfxmlElement> children) {

    /** {@return the value without surrounding blanks; empty if there is none} */
    String get(String attribute) {
        return attributes.getOrDefault(attribute, "").strip();
    }

    boolean has(String attribute) {
        return attributes.containsKey(attribute);
    }

    boolean isThere() {
        return line > 0;
    }

    /** Returns whether it is switched on; sersync accepts only this one word. */
    boolean isOn() {
        return "true".equals(attributes.get("start"));
    }

    List<ConfxmlElement> all(String child) {
        return children.stream().filter(c -> c.name.equals(child)).toList();
    }

    /** {@return the first child of that name, which is the one that sersync uses, or an empty one} */
    ConfxmlElement first(String child) {
        List<ConfxmlElement> found = all(child);
        return found.isEmpty() ? new ConfxmlElement(child, 0, Map.of(), List.of()) : found.get(0);
    }
}
