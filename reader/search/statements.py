"""The statements of a search, as text: they are the same for every query, so nothing compiles them again.

What is typed reaches PostgreSQL as a parameter, never as a part of a statement.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection

from reader.models.vectors import sql_as_searched

CONFIG = "english"

# Texts as tsqueries: words side by side, or the beginning of a word as it was typed.
TSQUERIES = f"""
    SELECT way, is_prefix, CASE
        WHEN is_prefix THEN to_tsquery('simple', way || ':*')
        ELSE phraseto_tsquery('{CONFIG}', {sql_as_searched("way")})
    END::text
    FROM unnest(%(ways)s::text[], %(prefixes)s::boolean[]) AS asked (way, is_prefix)
"""

# The lexemes of words as they are searched: stems, none for a stop word.
LEXEMES = f"""
    SELECT word, tsvector_to_array(to_tsvector('{CONFIG}', word)) FROM unnest(%(words)s::text[]) AS word
"""

# Of a query's four kinds of rows: those in tables, and those whose vectors the process remembers.
PARAGRAPHS = "FROM reader_paragraph WHERE volume_id = %(volume)s AND search @@ %(asked)s::tsquery"
NOTES = "FROM reader_note WHERE division_id = ANY(%(divisions)s::bigint[]) AND search @@ %(asked)s::tsquery"
HEADS, TERMS = (
    f"FROM unnest(%({kind}_keys)s::bigint[], %({kind}_vectors)s::text[], %({kind}_places)s::int[])"
    f" AS {kind} (id, search, place) WHERE search::tsvector @@ %(asked)s::tsquery"
    for kind in ("heads", "terms")
)

# Rows as reader.search.outline.Row.
FOUND = f"""
    SELECT 'heading', id, id, ts_rank(search::tsvector, %(asked)s::tsquery), place, NULL::int {HEADS}
    UNION ALL
    SELECT 'text', id, division_id, ts_rank(search, %(asked)s::tsquery), position, number {PARAGRAPHS}
    UNION ALL
    SELECT 'note', id, division_id, ts_rank(search, %(asked)s::tsquery), position, n {NOTES}
    UNION ALL
    SELECT 'key', id, NULL, ts_rank(search::tsvector, %(asked)s::tsquery), place, NULL {TERMS}
"""
# Whether a query finds anything; whether it finds a text, for which there are indexes.
IS_IN_TEXTS = f"EXISTS (SELECT 1 {PARAGRAPHS}) OR EXISTS (SELECT 1 {NOTES})"
IS_FOUND = f"{IS_IN_TEXTS} OR EXISTS (SELECT 1 {HEADS}) OR EXISTS (SELECT 1 {TERMS})"

# The texts of rows by kind: the kind, the key, the source; the page of a note's call; an entry's headword and slug.
TEXTS = {
    "text": "SELECT 'text', id, text, '', '', '' FROM reader_paragraph WHERE id = ANY(%(text)s::bigint[])",
    "note": "SELECT 'note', id, text, page, '', '' FROM reader_note WHERE id = ANY(%(note)s::bigint[])",
    "key": """
        SELECT 'key', term.id, CASE
            WHEN term.definition = '' AND term.see_id IS NOT NULL THEN 'see ' || seen.headword
            ELSE term.definition
        END, '', term.headword, term.slug
        FROM glossary_term term LEFT JOIN glossary_term seen ON seen.id = term.see_id
        WHERE term.id = ANY(%(key)s::bigint[])
    """,
}


def volume_with_words(
    slug: str, keys: Collection[str], beginnings: Collection[str], most: int
) -> tuple[str, dict[str, Any]]:
    """The statement for a volume's key and revision, with its words of these keys, the most frequent first.

    A word without a key is that of a volume without such words.
    """
    likes = {f"begin{n}": each for n, each in enumerate(beginnings)}
    wanted = ["key = ANY(%(keys)s::text[])", *(f"key LIKE %({name})s" for name in likes)]
    sql = f"""
        SELECT volume.id, volume.revision || ' ' || volume.xmin::text, word.key, word.text
        FROM reader_volume volume LEFT JOIN LATERAL (
            SELECT key, text, sum(count) AS total FROM reader_word
            WHERE volume_id = volume.id AND ({" OR ".join(wanted)})
            GROUP BY key, text ORDER BY total DESC, text LIMIT %(most)s
        ) word ON true
        WHERE volume.slug = %(slug)s ORDER BY word.total DESC, word.text
    """
    escaped = {name: _escaped(each) + "%" for name, each in likes.items()}
    return sql, {"slug": slug, "keys": list(keys), "most": most, **escaped}


def for_each(question: str, parameters: Sequence[Mapping[str, Any]]) -> tuple[str, dict[str, Any]]:
    """The statement that answers a question once for each of these parameters, in a row of booleans."""
    asked = (question.replace("%(", f"%(n{n}_") for n in range(len(parameters)))
    named = {f"n{n}_{name}": each for n, one in enumerate(parameters) for name, each in one.items()}
    return f"SELECT {', '.join(asked)}", named


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


def rows_of(sql: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[Any]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())
