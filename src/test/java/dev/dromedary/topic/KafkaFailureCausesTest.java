package dev.dromedary.topic;

import java.security.cert.CertificateExpiredException;

import org.apache.camel.CamelExchangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KafkaFailureCausesTest {

    @Test
    void all_that_lies_behind_a_failure_is_told_once() {
        Exception expired = new CertificateExpiredException("NotAfter: Thu Jan 01 00:00:00 UTC 2026");
        Exception path = new IllegalStateException("validity check failed", expired);

        assertThat(KafkaFailureCauses.of(new KafkaException(new SslAuthenticationException("SSL handshake failed", path))))
                .contains("SSL handshake failed: validity check failed: the broker's certificate has expired (NotAfter: Thu Jan 01 00:00:00 UTC 2026); renew it there");
    }

    @Test
    void a_topic_that_is_not_there_is_said_with_the_way_out() {
        assertThat(KafkaFailureCauses.of(new TimeoutException("Topic x not present in metadata after 4000 ms.", new UnknownTopicOrPartitionException("x"))))
                .isEqualTo("Topic x not present in metadata after 4000 ms.: there is no such topic at the broker, which does not create it;"
                        + " create it: kafka-topics.sh --create");
    }

    @Test
    void a_record_that_is_too_large_is_said_with_the_way_out() {
        Exception large = new CamelExchangeException("Multicast processing failed for number 0.", null, new RecordTooLargeException("The request included a"
                + " message larger than the max message size the server will accept."));

        assertThat(KafkaFailureCauses.isTooLarge(large)).isTrue();
        assertThat(KafkaFailureCauses.of(large)).startsWith("the topic takes no record of this size (The request").contains("max.message.bytes")
                .doesNotContain("Multicast");
        assertThat(KafkaFailureCauses.isTooLarge(new IllegalStateException(new TimeoutException("x")))).isFalse();
    }

    @Test
    void what_has_no_message_is_told_by_its_kind() {
        assertThat(KafkaFailureCauses.of(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @Test
    void no_answer_is_told_in_words() {
        assertThat(KafkaFailureCauses.of(new java.util.concurrent.TimeoutException())).isEqualTo("no answer in time");
    }

    @Test
    void what_a_future_wraps_is_told_without_the_names_of_classes() {
        assertThat(KafkaFailureCauses.of(new java.util.concurrent.ExecutionException(new TimeoutException("Timed out waiting for a node assignment."))))
                .isEqualTo("Timed out waiting for a node assignment.");
    }
}
