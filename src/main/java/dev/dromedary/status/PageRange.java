package dev.dromedary.status;

import java.util.List;
import java.util.Optional;

import org.apache.camel.Exchange;

/**
 * The part of a list that is wanted.
 *
 * @param offset how many entries to skip
 * @param limit  maximum number of entries
 */
record PageRange(int offset, int limit) {

    private static final int USUAL = 100;

    /** Parses both values; ends the route with 400 and returns nothing if one is invalid. If they are {@code null}, they are 0 and 100. */
    static Optional<PageRange> of(String offset, String limit, int most, Exchange exchange) {
        try {
            return Optional.of(new PageRange(number("offset", offset, 0, Integer.MAX_VALUE), number("limit", limit, USUAL, most)));
        } catch (IllegalArgumentException e) {
            RefusalResponses.refuse(exchange, 400, e.getMessage());
            return Optional.empty();
        }
    }

    private static int number(String name, String value, int usual, int most) {
        try {
            int number = value == null ? usual : Integer.parseInt(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused as well
        }
        throw new IllegalArgumentException(name + " = " + RefusalResponses.shown(value) + ": this is a whole number from 0 to " + most);
    }

    <T> List<T> of(List<T> all) {
        return all.stream().skip(offset).limit(limit).toList();
    }
}
