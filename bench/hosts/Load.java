package hosts;

/**
 * What there was to do.
 *
 * @param seconds in which it was done
 * @param runs of rsync, for all hosts together
 * @param files that were changed
 * @param alone those of them that came one by one, each of which wakes the source
 * @param records that were published
 * @param recordBytes bytes of these
 */
record Load(int hosts, double seconds, double runs, double files, double alone, double records, double recordBytes) {

    /** {@return what was counted of a case under its steady load or in its burst} */
    static Load of(HostsCase each, Counters counted, ScaleOptions options) {
        boolean steady = counted == each.steady();
        int files = steady ? options.steadyFiles() : options.burst();
        return new Load(each.hosts(), counted.seconds(), counted.runs(), files, steady ? files : 0, counted.records(), counted.recordBytes());
    }

    /** {@return the same of one host for several, in another time} */
    Load toHosts(int hosts, double seconds) {
        return new Load(hosts, seconds, runs * hosts, files, alone, records, recordBytes);
    }
}
