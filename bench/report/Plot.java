package report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

import common.Percentiles;
import testbed.Contender;
import testbed.Project;

/** The plot of the document, as SVG: the latency of a small change, and bursts; it is written once. */
final class Plot {

    private static final String STYLE = """
            <style>
            svg { font: 13px system-ui, sans-serif; }
            .back { fill: #ffffff; } text { fill: #1f2328; } .small { fill: #59636e; font-size: 11px; } .title { font-weight: 600; }
            .grid { stroke: #d1d9e0; stroke-width: 1; } .line { fill: none; stroke-width: 2; }
            .DROMEDARY { --is: #c2410c; } .TUNED { --is: #2563eb; } .MANUAL { --is: #93b4f5; } .LOOP { --is: #8250df; } .FLOOR { --is: #6e7781; }
            .line { stroke: var(--is); } .bar { fill: var(--is); }
            @media (prefers-color-scheme: dark) {
            .back { fill: #0d1117; } text { fill: #e6edf3; } .small { fill: #9198a1; } .grid { stroke: #30363d; }
            .DROMEDARY { --is: #fb923c; } .TUNED { --is: #60a5fa; } .MANUAL { --is: #3b5f99; } .LOOP { --is: #b392f0; } .FLOOR { --is: #9aa4af; }
            }
            </style>
            """;

    private final Results results;
    private final StringBuilder svg = new StringBuilder();

    Plot(Results results) {
        this.results = results;
    }

    /** Writes it. {@return whether there is anything to show} */
    boolean write(Path file) throws IOException {
        List<Contender> shown = Stream.of(Contender.DROMEDARY, Contender.TUNED, Contender.FLOOR).filter(results.latencies()::containsKey).toList();
        List<Table> bursts = results.tables().stream().filter(table -> table.row().startsWith("burst")
                && table.site().equals(results.tables().get(0).site()) && table.firstFigure() != null).toList();
        if (shown.isEmpty() && bursts.isEmpty()) {
            return false;
        }
        int y = 20;
        if (!shown.isEmpty()) {
            y = distributions(shown, y);
        }
        for (Table table : bursts) {
            y = bars(table, y);
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 860 " + (y + 10)
                + "\" role=\"img\">\n<title>Latency of a small change, and bursts</title>\n" + STYLE + "<rect class=\"back\" width=\"860\" height=\"" + (y + 10) + "\"/>\n" + svg + "</svg>\n");
        return true;
    }

    /** Draws the part of small changes that has arrived after a time, on a logarithmic axis. {@return where the next drawing begins} */
    private int distributions(List<Contender> shown, int y) {
        double least = shown.stream().mapToDouble(contender -> Collections.min(results.latencies().get(contender)) / 1e6).min().orElse(1) * 0.9;
        double most = shown.stream().mapToDouble(contender -> Collections.max(results.latencies().get(contender)) / 1e6).max().orElse(1) * 1.1;
        int left = 60;
        int width = 770;
        int top = y + 46;
        int height = 220;
        ToDoubleFunction<Double> x = ms -> left + width * Math.log(ms / least) / Math.log(most / least);
        text("title", 20, y, "", "A small change: part that has arrived after a time, " + Project.relative(results.tables().get(0).site()));
        for (int part = 0; part <= 100; part += 25) {
            double at = top + height - height * part / 100.0;
            line(left, at, left + width, at);
            text("small", left - 8, at + 4, "end", part + " %");
        }
        for (double power = Math.pow(10, Math.floor(Math.log10(least))); power < most; power *= 10) {
            for (int by : new int[] {1, 2, 3, 5, 7}) {
                double ms = power * by;
                if (ms > least && ms < most) {
                    line(x.applyAsDouble(ms), top, x.applyAsDouble(ms), top + height);
                    text("small", x.applyAsDouble(ms), top + height + 16, "middle", Numbers.format(ms) + " ms");
                }
            }
        }
        int key = left;
        for (Contender contender : shown) {
            List<Long> took = results.latencies().get(contender).stream().sorted().toList();
            StringBuilder path = new StringBuilder();
            for (int i = 0; i < took.size(); i++) {
                double at = x.applyAsDouble(took.get(i) / 1e6);
                path.append(String.format(Locale.ROOT, i == 0 ? "M%.1f,%.1f" : "H%.1f", at, (double) top + height))
                        .append(String.format(Locale.ROOT, "V%.1f", top + height - height * (i + 1.0) / took.size()));
            }
            svg.append("<path class=\"line ").append(contender).append("\" d=\"").append(path).append("\"/>\n");
            svg.append("<rect class=\"bar ").append(contender).append("\" x=\"").append(key).append("\" y=\"").append(y + 16)
                    .append("\" width=\"14\" height=\"10\" rx=\"2\"/>\n");
            text("", key + 20, y + 25, "", contender.label() + ", p50 " + Numbers.format(Percentiles.millis(took, 50)) + " ms");
            key += 220;
        }
        return top + height + 50;
    }

    /** Draws how long each contender took. {@return where the next drawing begins} */
    private int bars(Table table, int y) {
        String figure = table.firstFigure();
        double most = table.contenders().stream().mapToDouble(contender -> table.median(contender, figure)).filter(value -> value > 0)
                .max().orElse(1);
        text("title", 20, y, "", table.title() + ": seconds until all are there");
        for (Contender contender : table.contenders()) {
            y += 24;
            double median = table.median(contender, figure);
            double width = Double.isNaN(median) ? 0 : Math.max(1, 540 * median / most);
            text("", 150, y, "end", contender.label());
            svg.append(String.format(Locale.ROOT, "<rect class=\"bar %s\" x=\"160\" y=\"%d\" width=\"%.1f\" height=\"16\" rx=\"2\"/>%n",
                    contender, y - 12, width));
            text("", 168 + width, y, "", table.cell(contender, figure).replace("*", ""));
        }
        return y + 40;
    }

    private void line(double x1, double y1, double x2, double y2) {
        svg.append(String.format(Locale.ROOT, "<path class=\"grid\" d=\"M%.1f,%.1fL%.1f,%.1f\"/>%n", x1, y1, x2, y2));
    }

    private void text(String type, double x, double y, String anchor, String content) {
        svg.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\"%s>%s</text>%n", type, x, y,
                anchor.isEmpty() ? "" : " text-anchor=\"" + anchor + "\"", content.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
