package dev.dromedary.sersync;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the results for all parts of the file. */
final class ConversionNotes {

    private final List<ConversionNote> findings = new ArrayList<>();

    void taken(ConfxmlElement element, String attributes, String why) {
        add(element, attributes, ElementConversionStatus.TAKEN, why);
    }

    void notNeeded(ConfxmlElement element, String attributes, String why) {
        add(element, attributes, ElementConversionStatus.NOT_NEEDED, why);
    }

    void notTaken(ConfxmlElement element, String attributes, String why) {
        add(element, attributes, ElementConversionStatus.NOT_TAKEN, why);
    }

    private void add(ConfxmlElement element, String attributes, ElementConversionStatus fate, String why) {
        findings.add(new ConversionNote(element.line(), "<" + (element.name() + " " + attributes).strip() + ">", fate, why));
    }

    /** {@return all results, in the order of the file} */
    List<ConversionNote> all() {
        return findings.stream().sorted(Comparator.comparingInt(ConversionNote::line)).toList();
    }

    List<ConversionNote> of(ElementConversionStatus fate) {
        return all().stream().filter(f -> f.fate() == fate).toList();
    }
}
