package me.musclemap.reports.words;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.function.DoubleFunction;
import me.musclemap.reports.record.Interval;
import me.musclemap.reports.record.Quantiles;

/**
 * Writes numbers as a person reads them: three significant digits from 100 on, two below, thousands apart by commas,
 * and a narrow space that does not break between a number and its unit.
 */
public final class Figures {
    /** Between a number and its unit. */
    public static final String GAP = "\u202f";

    private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB"};

    private Figures() {}

    /** {@code value} to three significant digits from 100 on and two below: 1,150, 99, 0.020. */
    public static String plain(double value) {
        return significant(value, Math.abs(value) >= 100 ? 3 : 2);
    }

    /** {@code value} to {@code digits} significant digits, without an exponent. */
    public static String significant(double value, int digits) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "–";
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_UP));
        int decimals = Math.max(0, digits - 1 - exponent(rounded));
        return withMinus(pattern(decimals).format(rounded));
    }

    /** A count as it is, with thousands apart: 28,412. */
    public static String whole(long count) {
        return withMinus(pattern(0).format(count));
    }

    /** A share as per cent: 3.9 %, 31 %, 0.02 %, and never 0 % for what is not nothing. */
    public static String percent(double ratio) {
        double percent = ratio * 100;
        double size = Math.abs(percent);
        if (size == 0) {
            return "0" + GAP + "%";
        }
        if (size >= 9.95) {
            return withMinus(pattern(0).format(percent)) + GAP + "%";
        }
        return size >= 0.095 ? withMinus(pattern(1).format(percent)) + GAP + "%" : significant(percent, 1) + GAP + "%";
    }

    /** A difference between two shares, in points of a per cent: 1.8 points. */
    public static String points(double ratio) {
        return significant(ratio * 100, 2) + GAP + "points";
    }

    /** A time in the unit that suits it: 640 µs, 12 ms, 1.2 s, 45 min. */
    public static String seconds(double seconds) {
        return seconds(seconds, Figures::plain);
    }

    /** A number that was chosen, not measured, without digits that say nothing: 5, 0.1, 1,000. */
    public static String chosen(double value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(6, RoundingMode.HALF_UP));
        int decimals = Math.max(0, rounded.stripTrailingZeros().scale());
        return withMinus(pattern(decimals).format(rounded));
    }

    /** A time that was chosen, not measured: 5 ms, 1 s. */
    public static String chosenSeconds(double seconds) {
        return seconds(seconds, Figures::chosen);
    }

    private static String seconds(double seconds, DoubleFunction<String> number) {
        double size = Math.abs(seconds);
        if (size == 0) {
            return "0" + GAP + "s";
        }
        if (size < 0.0009995) {
            return number.apply(seconds * 1e6) + GAP + "µs";
        }
        if (size < 0.9995) {
            return number.apply(seconds * 1e3) + GAP + "ms";
        }
        return size < 120 ? number.apply(seconds) + GAP + "s" : number.apply(seconds / 60) + GAP + "min";
    }

    /** A rate: 1,150 req/s. */
    public static String rate(double perSecond) {
        return plain(perSecond) + GAP + "req/s";
    }

    /** The rate of one user, to three digits, since everything is divided by it: 0.0203 req/s. */
    public static String ratePerUser(double perSecond) {
        return significant(perSecond, 3) + GAP + "req/s";
    }

    /** An amount of memory in powers of a thousand: 8.3 GB. */
    public static String bytes(double bytes) {
        int unit = 0;
        double amount = bytes;
        while (Math.abs(amount) >= 999.5 && unit < BYTE_UNITS.length - 1) {
            amount /= 1000;
            unit++;
        }
        return plain(amount) + GAP + BYTE_UNITS[unit];
    }

    /** Dollars: $14, $1,200. */
    public static String dollars(double dollars) {
        return "$" + plain(dollars);
    }

    /** The ends of an interval: 1,010–1,260. */
    public static String range(Quantiles quantiles) {
        return plain(quantiles.p10()) + "–" + plain(quantiles.p90());
    }

    /** A quantity and its interval: 1,150 (1,010–1,260). */
    public static String withRange(Quantiles quantiles) {
        return plain(quantiles.p50()) + " (" + range(quantiles) + ")";
    }

    /** A time in milliseconds with its interval, without the unit: 0.31 (0.28–0.34). */
    public static String milliseconds(Interval seconds) {
        return plain(seconds.mid() * 1e3) + " (" + plain(seconds.low() * 1e3) + "–" + plain(seconds.high() * 1e3) + ")";
    }

    private static int exponent(BigDecimal value) {
        return value.precision() - value.scale() - 1;
    }

    private static DecimalFormat pattern(int decimals) {
        DecimalFormat format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMinimumFractionDigits(decimals);
        format.setMaximumFractionDigits(decimals);
        format.setRoundingMode(RoundingMode.HALF_UP);
        return format;
    }

    private static String withMinus(String number) {
        return number.startsWith("-") ? "−" + number.substring(1) : number;
    }
}
