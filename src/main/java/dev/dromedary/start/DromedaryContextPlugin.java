package dev.dromedary.start;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import dev.dromedary.backlog.BacklogComponent;
import dev.dromedary.config.ConfigurationException;
import dev.dromedary.http.HttpGuardInstaller;
import dev.dromedary.routes.ConfigReload;
import dev.dromedary.routes.MirrorRoutes;
import dev.dromedary.routes.RouteFileReload;
import dev.dromedary.systemd.SystemdService;
import dev.dromedary.watch.InotifyFileWatchComponent;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.VetoCamelContextStartException;
import org.apache.camel.spi.ContextServicePlugin;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.RouteWatcherReloadStrategy;

/**
 * Adds the two components to a context and makes the routes that the configuration asks for. Camel loads it in every context that has the
 * jar on its class path, whether our main, Camel JBang or a test has started it.
 */
public final class DromedaryContextPlugin implements ContextServicePlugin {

    @Override
    public void load(CamelContext context) {
        context.addComponent("file-watch", new InotifyFileWatchComponent());
        context.addComponent("backlog", new BacklogComponent());
        MirrorRoutes mirrors = new MirrorRoutes(context);
        context.getRegistry().bind("mirrors", mirrors);
        Optional<SystemdService> systemd = SystemdService.asked(System.getenv());
        ReentrantLock routesChange = new ReentrantLock();
        ConfigReload reload = new ConfigReload(context, mirrors, routesChange, systemd);
        context.getRegistry().bind("reload", reload);
        context.addLifecycleStrategy(new HttpGuardInstaller(mirrors::areConfigured));
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextInitializing(CamelContext starting) throws VetoCamelContextStartException {
                try {
                    mirrors.configure();
                } catch (Exception e) {
                    throw new VetoCamelContextStartException(e.getMessage(), e, starting, true);
                }
            }

            @Override
            public void onContextInitialized(CamelContext initialized) throws VetoCamelContextStartException {
                try {
                    mirrors.joinPair();
                } catch (ConfigurationException e) {
                    throw new VetoCamelContextStartException(e.getMessage(), e, initialized, true);
                }
            }

            @Override
            public void onServiceAdd(CamelContext adding, Service service, Route route) {
                if (service instanceof RouteWatcherReloadStrategy watcher) {
                    watcher.setResourceReload(new RouteFileReload(adding, mirrors, Path.of(watcher.getFolder()), routesChange));
                }
            }

            @Override
            public void onContextStarted(CamelContext started) {
                mirrors.bindHealthAndMetrics();
            }

            @Override
            public void onContextStopping(CamelContext stopping) {
                reload.stop();
            }

            @Override
            public void onContextStopped(CamelContext stopped) {
                mirrors.putAway();
            }
        });
        systemd.ifPresent(context::addLifecycleStrategy);
    }
}
