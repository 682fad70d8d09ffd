package dev.parley.bots.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/** Lines over the seconds of a run, or over anything else that goes on, as SVG. */
public final class Chart {
  /** One line; {@code style} is a class of the page, NaN a gap. */
  private record Line(String name, String style, List<Double> values) {}

  private static final int WIDTH = 640;
  private static final int HEIGHT = 180;
  private static final int LEFT = 56;
  private static final int BOTTOM = 24;
  private static final int TOP = 10;
  private static final int RIGHT = 30;
  private static final int STEPS = 4;

  /** Of a chart outside a page: for bright and dark backgrounds. */
  private static final List<String> COLOURS =
      List.of("#3b78e0", "#d2691e", "#2a9d55", "#b04fc4", "#c0392b", "#148f9e", "#8a7f00");

  private static final int LEGEND_STEP = 88;
  private static final int LEGEND = 40;

  private final String title;
  private final List<Double> seconds;
  private final DoubleFunction<String> label;
  private final List<Line> lines = new ArrayList<>();

  /**
   * @param seconds where the values of every line stand, growing
   */
  Chart(String title, List<Double> seconds) {
    this(title, seconds, at -> String.format(Locale.ROOT, "%.0f s", at));
  }

  /**
   * @param places where the values of every line stand, growing from 0
   * @param label of a place
   */
  public Chart(String title, List<Double> places, DoubleFunction<String> label) {
    this.title = title;
    this.seconds = List.copyOf(places);
    this.label = label;
  }

  public Chart line(String name, List<Double> values) {
    if (values.stream().anyMatch(Double::isFinite)) {
      lines.add(new Line(name, "c" + lines.size(), List.copyOf(values)));
    }
    return this;
  }

  /** A figure with its caption and legend; nothing when there is nothing to draw. */
  String svg() {
    if (lines.isEmpty() || seconds.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("<figure><figcaption>");
    out.append(Markup.escape(title));
    for (Line line : lines) {
      out.append(
          " <span class=\"key %s\">%s</span>".formatted(line.style(), Markup.escape(line.name())));
    }
    out.append(
        "</figcaption>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(WIDTH, HEIGHT, Markup.escape(title)));
    out.append(drawing());
    return out.append("</svg></figure>\n").toString();
  }

  /** A file of its own, with title and legend; an empty one when there is nothing to draw. */
  public String standalone() {
    StringBuilder out = new StringBuilder();
    out.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 -%d %d %d\" role=\"img\" aria-label=\"%s\">\n"
            .formatted(LEGEND, WIDTH, HEIGHT + LEGEND, Markup.escape(title)));
    out.append("<style>text{font:11px sans-serif;fill:#808080}.grid{stroke:#80808040}");
    out.append(
        "path{fill:none;stroke-width:2;stroke-linecap:round}.y{text-anchor:end}.x{text-anchor:middle}");
    for (int i = 0; i < lines.size(); i++) {
      String colour = COLOURS.get(i % COLOURS.size());
      out.append("path.c%1$d{stroke:%2$s}text.c%1$d{fill:%2$s}".formatted(i, colour));
    }
    out.append(
        "</style>\n<text x=\"%d\" y=\"-26\">%s</text>\n".formatted(LEFT, Markup.escape(title)));
    for (int i = 0; i < lines.size(); i++) {
      out.append(
          "<text x=\"%d\" y=\"-8\" class=\"c%d\">%s</text>\n"
              .formatted(LEFT + i * LEGEND_STEP, i, Markup.escape(lines.get(i).name())));
    }
    if (!lines.isEmpty() && !seconds.isEmpty()) {
      out.append(drawing());
    }
    return out.append("</svg>\n").toString();
  }

  private String drawing() {
    double most =
        lines.stream()
            .flatMap(l -> l.values().stream())
            .filter(Double::isFinite)
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(0);
    double top = ceiling(most);
    double last = Math.max(1, seconds.getLast());
    StringBuilder out = new StringBuilder();
    for (int i = 0; i <= STEPS; i++) {
      double y = y(top * i / STEPS, top);
      out.append(
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" class=\"y\">%s</text>\n",
              LEFT,
              WIDTH - RIGHT,
              y,
              y,
              LEFT - 6,
              y + 4,
              label(top * i / STEPS)));
      double at = last * i / STEPS;
      out.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" class=\"x\">%s</text>\n",
              x(at, last),
              HEIGHT - 6,
              Markup.escape(label.apply(at))));
    }
    for (Line line : lines) {
      out.append("<path class=\"%s\" d=\"%s\"/>\n".formatted(line.style(), path(line, last, top)));
    }
    return out.toString();
  }

  private String path(Line line, double last, double top) {
    StringBuilder path = new StringBuilder();
    boolean pen = false;
    for (int i = 0; i < Math.min(seconds.size(), line.values().size()); i++) {
      double value = line.values().get(i);
      if (Double.isFinite(value)) {
        path.append(
            String.format(
                Locale.ROOT,
                "%s%.1f %.1f",
                pen ? "L" : "M",
                x(seconds.get(i), last),
                y(value, top)));
        boolean alone =
            !pen && !(i + 1 < line.values().size() && Double.isFinite(line.values().get(i + 1)));
        path.append(alone ? "m-3 0h6" : "");
      }
      pen = Double.isFinite(value);
    }
    return path.toString();
  }

  private static double x(double second, double last) {
    return LEFT + (WIDTH - LEFT - RIGHT) * second / last;
  }

  private static double y(double value, double top) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top;
  }

  /** The next 1, 2, 4 or 8 with noughts, whose quarters are round as well. */
  static double ceiling(double value) {
    if (value <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double step : new double[] {1, 2, 4, 8}) {
      if (value <= step * power) {
        return step * power;
      }
    }
    return 10 * power;
  }

  private static String label(double value) {
    return value >= 10_000
        ? String.format(Locale.ROOT, "%.0fk", value / 1_000)
        : String.format(Locale.ROOT, value == Math.rint(value) ? "%.0f" : "%.2f", value);
  }
}
