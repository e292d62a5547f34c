package dev.dromedary.topic;

import java.nio.file.NoSuchFileException;
import java.security.UnrecoverableKeyException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;

import dev.dromedary.log.LogEscaping;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.CamelExecutionException;

/** Describes a Kafka failure including all its causes, as Kafka's own message often names none of them. */
final class KafkaFailureCauses {

    private static final int MOST = 8;
    // by name, because the classes may be missing
    private static final String TOO_LARGE = "org.apache.kafka.common.errors.RecordTooLargeException";
    private static final String NO_TOPIC = "org.apache.kafka.common.errors.UnknownTopicOrPartitionException";

    private KafkaFailureCauses() {
    }

    /** {@return the messages from the outermost to the innermost, without repetitions} */
    static String of(Throwable failure) {
        Set<String> all = new LinkedHashSet<>();
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MOST; i++) {
            if (cause.getClass().getName().equals(NO_TOPIC)) {
                all.add("there is no such topic at the broker, which does not create it; create it: kafka-topics.sh --create");
            } else if (cause.getClass().getName().equals(TOO_LARGE)) {
                all.add("the topic takes no record of this size (" + LogEscaping.of(String.valueOf(cause.getMessage())) + "); set its max.message.bytes"
                        + " to 1048588, which is Kafka's default: kafka-configs.sh --alter");
            } else if (certificate(cause) != null) {
                all.add(certificate(cause));
            } else if (!isWrapper(cause)) {
                String message = cause.getMessage() != null ? LogEscaping.of(cause.getMessage())
                        : cause instanceof TimeoutException ? "no answer in time" : cause.getClass().getSimpleName();
                // a message often contains the text of the wrapped cause
                String text = cause.getCause() == null ? message : message.replace(": " + cause.getCause(), "");
                if (all.stream().noneMatch(said -> said.contains(text))) {
                    all.add(text);
                }
            }
            cause = cause.getCause();
        }
        return String.join(": ", all);
    }

    /** {@return whether the topic takes no record of the size of one that was sent} */
    static boolean isTooLarge(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MOST; i++) {
            if (cause.getClass().getName().equals(TOO_LARGE)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    // such as the exception of a Future or of Camel's split: its message is only that of its cause
    private static boolean isWrapper(Throwable failure) {
        return failure.getCause() != null && (failure instanceof CamelExecutionException || failure instanceof CamelExchangeException
                || failure.getCause().toString().equals(failure.getMessage()));
    }

    // what is wrong with a certificate or a certificate file; null if that is not the cause
    private static String certificate(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        return cause instanceof CertificateExpiredException ? "the broker's certificate has expired (" + message + "); renew it there"
                : cause instanceof CertificateNotYetValidException ? "the broker's certificate is not valid yet (" + message + "); look at the clocks"
                : cause instanceof CertPathBuilderException ? "the issuer of the broker's certificate is none that the truststore has;"
                        + " put the certificate of its CA into the file that sslTruststoreLocation names"
                : cause instanceof CertificateException && message.startsWith("No ") ? "the host name by which the broker is reached is none of its"
                        + " certificate's (" + message + "); name it in brokers= as the certificate does"
                : cause instanceof NoSuchFileException file ? "there is no file " + file.getFile() + "; look at sslTruststoreLocation and"
                        + " sslKeystoreLocation"
                : cause instanceof UnrecoverableKeyException ? "the password of the truststore or keystore is wrong (" + message + ")" : null;
    }
}
