package io.automationhub.engine.validation;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.automationhub.engine.value.JsonObject;

/** Compiled configuration schemas: a registry has few, and compiling one costs more than checking a hundred nodes. */
final class ConfigSchemaCache {

    static final LoadingCache<JsonObject, JsonSchema> INSTANCE =
            Caffeine.newBuilder().maximumSize(1000).weakKeys().build(JsonSchema::compile);

    private ConfigSchemaCache() {}
}
