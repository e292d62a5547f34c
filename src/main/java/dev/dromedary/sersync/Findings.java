package dev.dromedary.sersync;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers what became of each part of the file. */
final class Findings {

    private final List<Finding> findings = new ArrayList<>();

    void taken(Element element, String attributes, String why) {
        add(element, attributes, Fate.TAKEN, why);
    }

    void notNeeded(Element element, String attributes, String why) {
        add(element, attributes, Fate.NOT_NEEDED, why);
    }

    void notTaken(Element element, String attributes, String why) {
        add(element, attributes, Fate.NOT_TAKEN, why);
    }

    private void add(Element element, String attributes, Fate fate, String why) {
        findings.add(new Finding(element.line(), "<" + (element.name() + " " + attributes).strip() + ">", fate, why));
    }

    /** {@return all of them, in the order of the file} */
    List<Finding> all() {
        return findings.stream().sorted(Comparator.comparingInt(Finding::line)).toList();
    }

    List<Finding> of(Fate fate) {
        return all().stream().filter(f -> f.fate() == fate).toList();
    }
}
