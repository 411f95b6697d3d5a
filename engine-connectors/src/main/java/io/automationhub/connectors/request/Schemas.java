package io.automationhub.connectors.request;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The schemas of the node types, which stand in resources beside them. */
public final class Schemas {

    /** The output of a request that goes through pages. */
    static final JsonObject PAGES = resource(Schemas.class, "pages.json");

    private Schemas() {}

    /** The schema in a resource beside a class. */
    public static JsonObject resource(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The resource " + name + " is missing");
            }
            return Json.object(Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read the resource " + name, e);
        }
    }
}
