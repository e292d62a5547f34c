package dev.dromedary.routes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;

import dev.dromedary.config.ConfigWritableByOthersCheck;
import dev.dromedary.state.WritableByOthers;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.StartupSummaryLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.ResourceReload;
import org.apache.camel.spi.RouteTemplateParameterSource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reloads an edited route file while everything else goes on. Only the routes of that file are stopped, made anew and started, together
 * with those that the configuration has made from its templates. If the file can't be read, or one of its routes can't be made, the routes
 * stay as they were. Changes are kept in the backlogs meanwhile. For one thread.
 */
public final class RouteFileReload implements ResourceReload {

    /** The content of a route file: the ids of its templates, and the ids of those routes that have one. */
    private record RouteFile(String text, Set<String> templates, Set<String> routes) {
    }

    private static final RouteFile EMPTY = new RouteFile("[]", Set.of(), Set.of());

    private static final Logger LOG = LoggerFactory.getLogger(RouteFileReload.class);
    private static final int READ_AGAIN_AFTER_MILLIS = 100;
    private static final int READS = 50;

    private final CamelContext context;
    private final RouteTemplateParameterSource instances;
    private final Path folder;
    private final Lock lock;
    private final Map<String, String> working = new HashMap<>();

    /**
     * @param instances the routes that are made from each template
     * @param folder    the folder of the route files; their content is kept, to go back to it if an edit fails
     * @param lock      is held while routes are stopped and made
     */
    public RouteFileReload(CamelContext context, RouteTemplateParameterSource instances, Path folder, Lock lock) {
        this.context = context;
        this.instances = instances;
        this.folder = folder;
        this.lock = lock;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
                working.put(file.getFileName().toString(), Files.readString(file));
            }
        } catch (IOException e) {
            LOG.warn("{} can't be read ({}): what is edited there does not count until the next start", folder, e.toString());
        }
    }

    /** Reloads a file, or logs why not, and where in the file the fault is. */
    @Override
    public void onReload(String name, Resource resource) throws Exception {
        if (!name.endsWith(".yaml")) {
            LOG.warn("{} has changed: what it says counts from the next start on", name);
            return;
        }
        String file = Path.of(name).getFileName().toString();
        Optional<WritableByOthers> fault = ConfigWritableByOthersCheck.fault(folder.resolve(file));
        if (fault.isEmpty()) {
            fault = ConfigWritableByOthersCheck.fault(folder);
        }
        if (fault.isPresent()) {
            LOG.error("{} is NOT taken in, its routes are as they were: {}; {}, and save it once more", name, fault.get().problem(),
                    fault.get().remedy());
            return;
        }
        String text = settled(resource);
        lock.lock();
        try {
            takeIn(name, resource, file, text);
        } finally {
            lock.unlock();
        }
    }

    private void takeIn(String name, Resource resource, String file, String text) throws Exception {
        String before = working.get(file);
        if (text.equals(before)) {
            return;
        }
        RouteFile old = before == null ? EMPTY : read(resource, before);
        RouteFile edited = EMPTY;
        boolean removed = false;
        try {
            edited = read(resource, text);
            checkThatNoOtherHas(edited, old, resource);
            removed = true;
            remove(resource, old);
            add(resource, edited);
            working.put(file, text);
            LOG.info("{} is taken in, with {} routes", name, ids(resource, edited).size());
        } catch (Exception e) {
            if (removed) {
                remove(resource, edited);
                add(resource, old);
            }
            LOG.error("{} is NOT taken in, its routes are as they were: {}", name, fault(e));
        }
    }

    // an editor may still be writing it
    private static String settled(Resource resource) throws IOException, InterruptedException {
        String text = text(resource);
        for (int i = 0; i < READS; i++) {
            Thread.sleep(READ_AGAIN_AFTER_MILLIS);
            String before = text;
            text = text(resource);
            if (text.equals(before)) {
                break;
            }
        }
        return text;
    }

    private static String text(Resource resource) throws IOException {
        try (InputStream in = resource.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    // in a separate context that is never started
    private RouteFile read(Resource resource, String text) throws Exception {
        try (DefaultCamelContext scratch = new DefaultCamelContext(false)) {
            scratch.setApplicationContextClassLoader(context.getApplicationContextClassLoader());
            scratch.setStartupSummaryLevel(StartupSummaryLevel.Off);
            scratch.build();
            PluginHelper.getRoutesLoader(scratch).loadRoutes(ResourceHelper.fromString(resource.getLocation(), text));
            Set<String> templates = new LinkedHashSet<>();
            scratch.getRouteTemplateDefinitions().stream().map(RouteTemplateDefinition::getId).forEach(templates::add);
            Set<String> routes = new LinkedHashSet<>();
            scratch.getRouteDefinitions().stream().map(RouteDefinition::getId).filter(Objects::nonNull).forEach(routes::add);
            return new RouteFile(text, templates, routes);
        }
    }

    // otherwise the other file's routes would be removed with this one's
    private void checkThatNoOtherHas(RouteFile edited, RouteFile old, Resource resource) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        for (String id : edited.templates) {
            if (!old.templates.contains(id) && model.getRouteTemplateDefinition(id) != null) {
                throw new IllegalArgumentException("another file has a routeTemplate with the id " + id + " already");
            }
        }
        for (String id : edited.routes) {
            Route route = context.getRoute(id);
            if (route != null && !isOf(route, resource)) {
                throw new IllegalArgumentException("another file has a route with the id " + id + " already");
            }
        }
    }

    // a route made from a template has no source; a route without an id can be found only by its source
    private static boolean isOf(Route route, Resource file) {
        Resource source = route.getSourceResource();
        return source != null && (source.getURI().equals(file.getURI()) || source.getLocation().equals(file.getLocation()));
    }

    private List<String> ids(Resource resource, RouteFile file) {
        return Stream.concat(context.getRoutes().stream().filter(route -> isOf(route, resource)).map(Route::getRouteId),
                instances.routeIds().stream().filter(id -> file.templates.contains(template(id)))).toList();
    }

    private Object template(String id) {
        return instances.parameters(id).get(RouteTemplateParameterSource.TEMPLATE_ID);
    }

    private void remove(Resource resource, RouteFile file) throws Exception {
        for (String id : ids(resource, file)) {
            if (context.getRoute(id) != null) {
                context.getRouteController().stopRoute(id);
            }
            if (context.getRoute(id) != null) {
                context.removeRoute(id);
            }
        }
        for (String id : file.templates) {
            context.removeRouteTemplates(id);
        }
    }

    private void add(Resource resource, RouteFile file) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(resource.getLocation(), file.text));
        for (String id : instances.routeIds()) {
            if (file.templates.contains(template(id))) {
                context.addRouteFromTemplate(id, template(id).toString(), instances.parameters(id));
            }
        }
    }

    // the innermost cause, in one line: Camel's own message names the file and the line
    private static String fault(Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage()).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
