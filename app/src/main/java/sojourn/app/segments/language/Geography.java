package sojourn.app.segments.language;

/** Distances over a sphere, in both meanings alike: the haversine formula with the Earth's mean radius. */
final class Geography {

    /** The mean radius R1 of the International Union of Geodesy and Geophysics, in kilometres. */
    private static final double RADIUS = 6371.0088;

    private Geography() {}

    static double kilometres(double latitude, double longitude, double otherLatitude, double otherLongitude) {
        var up = Math.sin(Math.toRadians(otherLatitude - latitude) / 2);
        var along = Math.sin(Math.toRadians(otherLongitude - longitude) / 2);
        var cosines = Math.cos(Math.toRadians(latitude)) * Math.cos(Math.toRadians(otherLatitude));
        return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(up * up + cosines * along * along)));
    }

    static Sql near(Condition.Near near, String alias) {
        var latitude = near.latitude().doubleValue();
        var longitude = near.longitude().doubleValue();
        return Sql.of(
                """
                (2 * %1$s * asin(least(1, sqrt(\
                power(sin(radians(%2$s.latitude - ?::float8) / 2), 2) \
                + cos(radians(?::float8)) * cos(radians(%2$s.latitude)) \
                * power(sin(radians(%2$s.longitude - ?::float8) / 2), 2)))) <= ?::float8)""".formatted(RADIUS, alias),
                latitude,
                latitude,
                longitude,
                near.kilometres().doubleValue());
    }
}
