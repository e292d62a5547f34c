package dev.dromedary.e2e;

import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ByFanotify.class)
class WaitByFanotifyIT extends WaitIT {
}
