package dev.dromedary.topic;

import java.util.LinkedHashSet;
import java.util.Set;

import dev.dromedary.log.LogEscaping;

/** Why something about a broker failed, with all that lies behind it: Kafka's own message often names none of the causes. */
final class KafkaFailureCauses {

    private static final int MOST = 8;
    private static final String NO_TOPIC = "org.apache.kafka.common.errors.UnknownTopicOrPartitionException";

    private KafkaFailureCauses() {
    }

    /** {@return the messages from the outermost to the innermost, none of them twice} */
    static String of(Throwable failure) {
        Set<String> all = new LinkedHashSet<>();
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MOST; i++) {
            if (cause.getClass().getName().equals(NO_TOPIC)) {
                all.add("there is no such topic at the broker, which does not create it; create it: kafka-topics.sh --create");
            } else if (!(cause instanceof org.apache.camel.CamelExecutionException)) {
                String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : LogEscaping.of(cause.getMessage());
                // a cause's own text is often what is wrapped around it
                String text = cause.getCause() == null ? message : message.replace(": " + cause.getCause(), "");
                if (all.stream().noneMatch(said -> said.contains(text))) {
                    all.add(text);
                }
            }
            cause = cause.getCause();
        }
        return String.join(": ", all);
    }
}
