package rows;

import java.util.List;
import java.util.stream.IntStream;

/** Names of files. */
final class Names {

    private Names() {
    }

    static List<String> numbered(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }
}
