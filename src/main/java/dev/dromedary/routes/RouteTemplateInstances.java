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
 * What is made for one target, for one mirror, or for all of them: which routes, each from which template and with which parameters,
 * and the beans that these name.
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
     * @param lead     what comes in front of an endpoint that belongs to the leader of a pair alone; empty without a pair
     * @param leads    whether this process leads, in Camel's simple language
     */
    RouteTemplateInstances(Registry registry, String lead, String leads) {
        this.registry = registry;
        this.lead = lead;
        this.leads = leads;
    }

    /** How a target is named in the ids of its routes and beans. */
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

    /** {@return a bean that is bound by now, by this or by another; {@code null} if there is none} */
    <T> T bound(String id, Class<T> type) {
        return registry.lookupByNameAndType(id, type);
    }

    /** Has something done when all of this is given up. */
    void atEnd(Runnable what) {
        endings.add(what);
    }

    /** Gives up the beans; the routes have ended by now. */
    void end() {
        endings.forEach(Runnable::run);
        beans.forEach(registry::unbind);
    }

    /** The ids, in the order in which they were added. */
    Set<String> ids() {
        return byId.keySet();
    }

    /** Null if there is no such route. */
    Map<String, Object> parameters(String id) {
        return byId.get(id);
    }

    /** The templates that are needed. */
    Stream<String> templates() {
        return byId.values().stream().map(RouteTemplateInstances::template);
    }

    private static String template(Map<String, Object> parameters) {
        return String.valueOf(parameters.get(RouteTemplateParameterSource.TEMPLATE_ID));
    }
}
