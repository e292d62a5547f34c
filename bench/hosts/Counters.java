package hosts;

/**
 * What was counted since the start, or between two times. The CPU that the counting itself takes, from begin to end, counts for nobody.
 *
 * @param begin the CPU time when the counting began
 * @param sent bytes that rsync has sent
 * @param recordBytes bytes of keys and values of all records
 * @param toBroker bytes that the broker has received
 * @param fromBroker bytes that it has sent
 * @param end the CPU time when the counting ended
 */
record Counters(CpuTime begin, long runs, long sent, long records, long recordBytes, long toBroker, long fromBroker, CpuTime end) {

    Counters minus(Counters before) {
        CpuTime cpu = begin.minus(before.end);
        return new Counters(cpu, runs - before.runs, sent - before.sent, records - before.records, recordBytes - before.recordBytes,
                toBroker - before.toBroker, fromBroker - before.fromBroker, cpu);
    }

    double seconds() {
        return begin.nanos() / 1e9;
    }

    /** {@return the CPU time between the two} */
    CpuTime cpu() {
        return begin;
    }

    double cpuOfSource() {
        return begin.dromedary() + begin.rsync();
    }
}
