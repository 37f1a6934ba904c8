package me.musclemap.capacity.forecast;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import me.musclemap.capacity.measure.MalformedInputException;

/**
 * Daily peaks of the headline rate, in requests per second: one for each day, days may be missing. Immutable by agreement: the
 * arrays are not to be changed.
 *
 * @param first the day that day number 0 stands for
 * @param day number of the day, rising
 * @param peak requests per second, from 0.001 to 10^9
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by agreement, and compared by nobody
public record PeakSeries(LocalDate first, double[] day, double[] peak) {
    private static final int WEEK = 7;
    private static final double PEAK_MIN = 1e-3;
    private static final double PEAK_MAX = 1e9;

    /**
     * Reads lines of {@code date,requestsPerSecond}, dates as 2026-11-22 and rising. One line of column names, empty lines and
     * lines that begin with {@code #} are passed over.
     *
     * @param file as it is to be named in a message
     * @throws MalformedInputException if a line is not of that form; the message names the file, the line and the remedy
     */
    public static PeakSeries read(String file, String text) {
        var dates = new ArrayList<LocalDate>();
        var peaks = new ArrayList<Double>();
        int number = 0;
        boolean named = false;
        for (String raw : text.replace("\uFEFF", "").lines().toList()) {
            number++;
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (!named && dates.isEmpty() && Character.isLetter(line.charAt(0))) {
                named = true;
                continue;
            }
            add(file + ":" + number + ": ", line, dates, peaks);
        }
        if (dates.isEmpty()) {
            throw new MalformedInputException(
                    file + ": holds no daily peak: give lines of date,requestsPerSecond, for example 2026-11-22,118.4");
        }
        double[] days = new double[dates.size()];
        for (int i = 0; i < days.length; i++) {
            days[i] = ChronoUnit.DAYS.between(dates.get(0), dates.get(i));
        }
        return new PeakSeries(
                dates.get(0),
                days,
                peaks.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static void add(String where, String line, List<LocalDate> dates, List<Double> peaks) {
        String[] cells = line.split("[,;\t]", -1);
        if (cells.length != 2) {
            throw new MalformedInputException(where + "'" + line + "' has " + cells.length
                    + " columns: give date,requestsPerSecond, for example 2026-11-22,118.4");
        }
        LocalDate date;
        try {
            date = LocalDate.parse(cells[0].strip());
        } catch (DateTimeException e) {
            throw new MalformedInputException(
                    where + "'" + cells[0].strip() + "' is no date: write it as 2026-11-22", e);
        }
        double peak;
        try {
            peak = Double.parseDouble(cells[1].strip());
        } catch (NumberFormatException e) {
            peak = Double.NaN;
        }
        if (!(peak >= PEAK_MIN && peak <= PEAK_MAX)) {
            throw new MalformedInputException(where + "'" + cells[1].strip()
                    + "' is no peak: give requests per second from 0.001 to 1,000,000,000, or leave the day out");
        }
        if (!dates.isEmpty() && !date.isAfter(dates.get(dates.size() - 1))) {
            throw new MalformedInputException(where + date + " comes after " + dates.get(dates.size() - 1)
                    + ": give each day once, in their order");
        }
        dates.add(date);
        peaks.add(peak);
    }

    /** How many days have a peak. */
    public int count() {
        return day.length;
    }

    /** The last day with a peak. */
    public LocalDate last() {
        return date(lastDay());
    }

    /** Number of the last day. */
    int lastDay() {
        return (int) day[day.length - 1];
    }

    /** The date of a day's number. */
    LocalDate date(int number) {
        return first.plusDays(number);
    }

    /** The highest peak of the last seven days: what is asked for today. */
    public double presentPeak() {
        double highest = 0;
        for (int i = 0; i < day.length; i++) {
            highest = day[i] > lastDay() - WEEK ? Math.max(highest, peak[i]) : highest;
        }
        return highest;
    }

    /** The first so many of its values. */
    PeakSeries head(int values) {
        return new PeakSeries(first, java.util.Arrays.copyOf(day, values), java.util.Arrays.copyOf(peak, values));
    }

    /** One value for each day, missing ones from their neighbours by a constant share a day; for a method that knows no gaps. */
    double[] filled() {
        double[] filled = new double[lastDay() + 1];
        for (int i = 0; i < day.length; i++) {
            filled[(int) day[i]] = peak[i];
            for (int gap = i == 0 ? 1 : (int) day[i - 1] + 1; i > 0 && gap < day[i]; gap++) {
                double share = (gap - day[i - 1]) / (day[i] - day[i - 1]);
                filled[gap] = Math.exp((1 - share) * Math.log(peak[i - 1]) + share * Math.log(peak[i]));
            }
        }
        return filled;
    }
}
