package report;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import testbed.Contender;
import testbed.Figures;
import testbed.Project;

/** The figures of a row on one site. */
public final class Table {

    private static final String RIGHT = "right";

    private final Path site;
    private final String row;
    private final String title;
    private final Duration limit;
    private String note;
    private final Map<Contender, Map<String, List<Double>>> values = new EnumMap<>(Contender.class);
    private final Map<Contender, List<String>> outcomes = new EnumMap<>(Contender.class);
    private final Map<Contender, Integer> timeouts = new EnumMap<>(Contender.class);
    private final Set<String> figures = new LinkedHashSet<>();

    /**
     * An empty one.
     *
     * @param row by which goals and plot find it
     * @param note what is measured, in Markdown
     * @param limit what is taken for a time that was cut off
     */
    public Table(Path site, String row, String title, String note, Duration limit) {
        this.site = site;
        this.row = row;
        this.title = title;
        this.note = note;
        this.limit = limit;
    }

    public Path site() {
        return site;
    }

    public String row() {
        return row;
    }

    String title() {
        return title;
    }

    Set<Contender> contenders() {
        return outcomes.keySet();
    }

    /** {@return its first figure, which is always a time; {@code null} if there is none} */
    String firstFigure() {
        return figures.stream().findFirst().orElse(null);
    }

    public void addNote(String addition) {
        note += addition;
    }

    public void add(Contender contender, Figures measured) {
        measured.forEach((figure, value) -> {
            figures.add(figure);
            values.computeIfAbsent(contender, key -> new LinkedHashMap<>()).computeIfAbsent(figure, key -> new ArrayList<>()).add(value);
        });
    }

    /** Notes that a round was right. */
    public void addRight(Contender contender) {
        outcomes(contender).add(RIGHT);
    }

    /** Notes what was wrong in a round. */
    public void addFault(Contender contender, String fault) {
        outcomes(contender).add(fault);
    }

    /** Notes that a round was cut off: its first figure counts as the limit. */
    public void addTimeout(Contender contender) {
        timeouts.merge(contender, 1, Integer::sum);
    }

    private List<String> outcomes(Contender contender) {
        return outcomes.computeIfAbsent(contender, key -> new ArrayList<>());
    }

    /** {@return whether Dromedary was right in each round} */
    boolean isRight() {
        return outcomes.keySet().stream().filter(Contender::isDromedary).allMatch(this::isRight);
    }

    private boolean isRight(Contender contender) {
        return outcomes.getOrDefault(contender, List.of("none")).stream().allMatch(RIGHT::equals);
    }

    private List<Double> sorted(Contender contender, String figure) {
        List<Double> all = new ArrayList<>(values.getOrDefault(contender, Map.of()).getOrDefault(figure, List.of()));
        if (figure.equals(firstFigure())) {
            all.addAll(Collections.nCopies(timeouts.getOrDefault(contender, 0), limit(figure)));
        }
        Collections.sort(all);
        return all;
    }

    private double limit(String figure) {
        return limit.toSeconds() * (figure.endsWith("ms") ? 1e3 : 1.0);
    }

    /** {@return the median of all rounds, or NaN} */
    double median(Contender contender, String figure) {
        List<Double> all = sorted(contender, figure);
        int size = all.size();
        return size == 0 ? Double.NaN : (all.get(size / 2) + all.get((size - 1) / 2)) / 2;
    }

    /** {@return the median of one contender divided by another's, or NaN} */
    double ratio(String figure, Contender contender, Contender other) {
        return median(contender, figure) / median(other, figure);
    }

    private boolean isCutOff(Contender contender, String figure) {
        return timeouts.containsKey(contender) && median(contender, figure) >= limit(figure);
    }

    String cell(Contender contender, String figure) {
        List<Double> all = sorted(contender, figure);
        if (all.isEmpty()) {
            return figure.equals(firstFigure()) && !isRight(contender) ? "**" + outcomes.get(contender).get(0).replaceAll(":.*", "") + "**" : "–";
        }
        String median = (isCutOff(contender, figure) ? "> " : "") + Numbers.format(median(contender, figure));
        String least = Numbers.format(all.get(0));
        String most = Numbers.format(all.get(all.size() - 1));
        return all.size() == 1 || least.equals(most) ? median : median + " (" + least + "–" + most + ")";
    }

    private String outcome(Contender contender) {
        List<String> all = outcomes.get(contender);
        List<String> faults = all.stream().filter(each -> !each.equals(RIGHT)).toList();
        if (faults.isEmpty()) {
            return RIGHT;
        }
        String first = faults.get(0).replace(site + "/", "");
        return "**" + escaped(first.substring(0, Math.min(150, first.length()))) + "**, " + faults.size() + " of " + all.size();
    }

    private static String escaped(String words) {
        return words.replaceAll("\\s+", " ").replace("|", "\\|").replace("*", "\\*");
    }

    void appendMarkdown(StringBuilder text) {
        text.append("### ").append(title).append(", ").append(Project.relative(site)).append("\n\n").append(note).append("\n\n");
        if (outcomes.isEmpty()) {
            return;
        }
        text.append("| |").append(figures.stream().map(each -> " " + each + " |").collect(Collectors.joining())).append(" outcome |\n|---|")
                .append("---:|".repeat(figures.size())).append("---|\n");
        for (Contender contender : outcomes.keySet()) {
            text.append("| ").append(contender.label()).append(" |");
            figures.forEach(figure -> text.append(' ').append(cell(contender, figure)).append(" |"));
            text.append(' ').append(outcome(contender)).append(" |\n");
        }
        for (Contender other : List.of(Contender.TUNED, Contender.FLOOR)) {
            if (values.containsKey(Contender.DROMEDARY) && outcomes.containsKey(other)
                    && figures.stream().anyMatch(each -> !sorted(other, each).isEmpty())) {
                text.append("| *dromedary : ").append(other.label()).append("* |");
                figures.forEach(figure -> text.append(' ').append(ratioCell(figure, other)).append(" |"));
                text.append(" |\n");
            }
        }
        text.append('\n');
    }

    private String ratioCell(String figure, Contender other) {
        if (figure.startsWith("writing") || figure.startsWith("rm of") || figure.startsWith("small changes")) {
            // the benchmark itself has done that, no contender
            return "";
        }
        double ratio = ratio(figure, Contender.DROMEDARY, other);
        String beyond = isCutOff(other, figure) ? "< " : isCutOff(Contender.DROMEDARY, figure) ? "> " : "";
        return Double.isNaN(ratio) || Double.isInfinite(ratio) ? "–" : beyond + Numbers.format(ratio);
    }
}
