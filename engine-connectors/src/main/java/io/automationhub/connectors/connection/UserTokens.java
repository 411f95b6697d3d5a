package io.automationhub.connectors.connection;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a person agreed to, as they are kept.
 *
 * @param client to whom they were given
 * @param server by which URL
 * @param until when the access token expires; null if it does not
 * @param refresh null if there is none
 * @param obtained when the access token was given
 * @param leasedBy who asks for new ones; null if nobody does
 * @param leasedUntil until when that one may
 * @param refused why they are over; null if they are not
 */
record UserTokens(
        String client,
        String server,
        String access,
        @Nullable Instant until,
        @Nullable String refresh,
        Instant obtained,
        @Nullable String leasedBy,
        @Nullable Instant leasedUntil,
        @Nullable String refused) {

    static UserTokens of(TokenServer.Given given, String client, String server, Instant now) {
        return new UserTokens(client, server, given.access(), given.until(), given.refresh(), now, null, null, null);
    }

    static UserTokens parse(String text) {
        JsonObject json = Json.object(Json.parse(text));
        return new UserTokens(
                Json.toText(json.get("client")),
                Json.toText(json.get("server")),
                Json.toText(json.get("access")),
                instant(json.get("until")),
                (String) json.get("refresh"),
                Instant.ofEpochMilli(json.get("obtained") instanceof Long millis ? millis : 0),
                (String) json.get("leasedBy"),
                instant(json.get("leasedUntil")),
                (String) json.get("refused"));
    }

    private static @Nullable Instant instant(@Nullable Object millis) {
        return millis instanceof Long number ? Instant.ofEpochMilli(number) : null;
    }

    String text() {
        return Json.write(JsonObject.builder()
                .put("client", client)
                .put("server", server)
                .put("access", access)
                .put("until", until == null ? null : until.toEpochMilli())
                .put("refresh", refresh)
                .put("obtained", obtained.toEpochMilli())
                .put("leasedBy", leasedBy)
                .put("leasedUntil", leasedUntil == null ? null : leasedUntil.toEpochMilli())
                .put("refused", refused)
                .build());
    }

    boolean isFresh(Instant now) {
        return until == null || now.isBefore(until);
    }

    boolean isLeased(Instant now) {
        return leasedUntil != null && now.isBefore(leasedUntil);
    }

    UserTokens leased(String by, Instant end) {
        return new UserTokens(client, server, access, until, refresh, obtained, by, end, refused);
    }

    UserTokens released() {
        return new UserTokens(client, server, access, until, refresh, obtained, null, null, refused);
    }

    UserTokens over(String why) {
        return new UserTokens(client, server, access, until, null, obtained, null, null, why);
    }

    /** A server that rotates gives a new refresh token with each access token; of one that does not the old one stays. */
    UserTokens renewed(TokenServer.Given given, Instant now) {
        String next = given.refresh() == null ? refresh : given.refresh();
        return new UserTokens(client, server, given.access(), given.until(), next, now, null, null, null);
    }

    /** Without the tokens. */
    @Override
    public String toString() {
        return "UserTokens for " + client;
    }
}
