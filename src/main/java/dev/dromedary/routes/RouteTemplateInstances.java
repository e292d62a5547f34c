package dev.dromedary.routes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.dromedary.config.Target;
import org.apache.camel.spi.Registry;
import org.apache.camel.spi.RouteTemplateParameterSource;

/**
 * Holds what is made for one target, for one mirror, or for all of them: the routes, each with its template and parameters, and the beans
 * that they name.
 */
final class RouteTemplateInstances {

    private final Registry registry;
    private final String lead;
    private final String leads;
    private final Map<String, Map<String, Object>> byId = new LinkedHashMap<>();
    private final Set<String> beans = new HashSet<>();
    private final List<Runnable> endings = new ArrayList<>();

    /**
     * @param registry where the beans are bound
     * @param lead     the prefix of an endpoint that only the leader of a pair uses; empty without a pair
     * @param leads    whether this process leads, in Camel's simple language
     */
    RouteTemplateInstances(Registry registry, String lead, String leads) {
        this.registry = registry;
        this.lead = lead;
        this.leads = leads;
    }

    /** Returns the name of a target in the ids of its routes and beans. */
    static String name(Target target) {
        return target.mirror() + "-" + target.name();
    }

    void add(String id, String template, Map<String, Object> parameters) {
        Map<String, Object> all = new HashMap<>(parameters);
        all.put(RouteTemplateParameterSource.TEMPLATE_ID, template);
        all.put("lead", lead);
        all.put("leads", leads);
        byId.put(id, all);
    }

    void bind(String id, Object bean) {
        registry.bind(id, bean);
        beans.add(id);
    }

    <T> void bind(String id, Class<T> type, T bean) {
        registry.bind(id, type, bean);
        beans.add(id);
    }

    /** {@return a bean that is bound already, here or elsewhere; {@code null} if there is none} */
    <T> T bound(String id, Class<T> type) {
        return registry.lookupByNameAndType(id, type);
    }

    /** Registers an action that runs when all of this is removed. */
    void atEnd(Runnable what) {
        endings.add(what);
    }

    /** Removes the beans, after the routes have ended. */
    void end() {
        endings.forEach(Runnable::run);
        beans.forEach(registry::unbind);
    }

    /** Returns the ids, in the order in which they were added. */
    Set<String> ids() {
        return byId.keySet();
    }

    /** Returns null if there is no such route. */
    Map<String, Object> parameters(String id) {
        return byId.get(id);
    }

    /** Returns the templates that are needed. */
    Stream<String> templates() {
        return byId.values().stream().map(RouteTemplateInstances::template);
    }

    private static String template(Map<String, Object> parameters) {
        return String.valueOf(parameters.get(RouteTemplateParameterSource.TEMPLATE_ID));
    }
}
