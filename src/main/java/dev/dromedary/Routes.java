package dev.dromedary;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.dromedary.config.Target;
import org.apache.camel.spi.RouteTemplateParameterSource;

/** Which routes are to be made, each from which template and with which parameters. */
final class Routes {

    private final Map<String, Map<String, Object>> byId = new LinkedHashMap<>();
    private String lead = "";
    private String leads = "true";

    /** How a target is named in the ids of its routes and beans. */
    static String name(Target target) {
        return target.mirror() + "-" + target.name();
    }

    /**
     * Has what is added from now on belong to the leader of a pair.
     *
     * @param prefix    what comes in front of an endpoint that belongs to the leader alone
     * @param condition whether this process leads, in Camel's simple language
     */
    void ledBy(String prefix, String condition) {
        lead = prefix;
        leads = condition;
    }

    void add(String id, String template, Map<String, Object> parameters) {
        Map<String, Object> all = new HashMap<>(parameters);
        all.put(RouteTemplateParameterSource.TEMPLATE_ID, template);
        all.put("lead", lead);
        all.put("leads", leads);
        byId.put(id, all);
    }

    Set<String> ids() {
        return byId.keySet();
    }

    Map<String, Object> parameters(String id) {
        return byId.get(id);
    }

    /** The templates that are needed. */
    Stream<String> templates() {
        return byId.values().stream().map(parameters -> String.valueOf(parameters.get(RouteTemplateParameterSource.TEMPLATE_ID)));
    }
}
