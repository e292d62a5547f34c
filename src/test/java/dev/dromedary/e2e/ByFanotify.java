package dev.dromedary.e2e;

import dev.dromedary.testing.Mirrors;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Has the mirrors of a test class watched by fanotify: what holds by inotify holds by that, too. */
final class ByFanotify implements BeforeAllCallback, AfterAllCallback {

    private String before;

    @Override
    public void beforeAll(ExtensionContext context) {
        before = System.setProperty(Mirrors.WATCH, "fanotify");
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (before == null) {
            System.clearProperty(Mirrors.WATCH);
        } else {
            System.setProperty(Mirrors.WATCH, before);
        }
    }
}
