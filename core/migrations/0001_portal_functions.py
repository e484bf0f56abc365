"""SQL functions that later columns and queries stand on."""

from django.db import migrations

NOW = """
CREATE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT clock_timestamp()
         + coalesce(nullif(current_setting('portal.clock_offset', true), ''), '0 s')::interval
$$;
COMMENT ON FUNCTION portal_now() IS 'The moment; the offset is only ever set by tests.';
"""

BIGRAMS = r"""
CREATE FUNCTION portal_bigrams(VARIADIC texts text[]) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_to_tsvector(array_agg(DISTINCT token)), ''::tsvector)
    FROM (
        SELECT substr(cleaned, place, width) AS token
        FROM (
            SELECT lower(regexp_replace(coalesce(part, ''), '[\s\\]+', '', 'g')) AS cleaned
            FROM unnest(texts) AS part
        ) AS cleaned_texts
        CROSS JOIN LATERAL generate_series(1, length(cleaned)) AS place
        CROSS JOIN (VALUES (1), (2)) AS widths(width)
    ) AS tokens
    WHERE token <> ''
$$;
COMMENT ON FUNCTION portal_bigrams(text[]) IS
    'Characters and pairs of characters of the texts, for search without an extension.';
"""

TEXT_RANGE = """
CREATE FUNCTION portal_text_range(value text) RETURNS int8range
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT int8range(number, number, '[]')
    FROM (SELECT ('x' || substr(md5(value), 1, 15))::bit(60)::bigint AS number) AS hashed
$$;
COMMENT ON FUNCTION portal_text_range(text) IS
    'A one-value range per text: equality inside EXCLUDE without the btree_gist extension.';
"""


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.RunSQL(NOW, "DROP FUNCTION portal_now();"),
        migrations.RunSQL(BIGRAMS, "DROP FUNCTION portal_bigrams(text[]);"),
        migrations.RunSQL(TEXT_RANGE, "DROP FUNCTION portal_text_range(text);"),
    ]
