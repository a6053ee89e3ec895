"""The rights of the database role that serves readers: what it is given, what is taken, and what is left open.

PostgreSQL gives some rights to everybody (PUBLIC): to make temporary tables, to write large objects, to hold advisory
locks, to fill the log of transactions. They are taken from everybody, and given to the owner of the database.
"""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from psycopg import sql

MADE_HERE = "Reads what the archive publishes."
# Connections of the role at once; what each of its sessions begins with. The role may set these off, and gains nothing.
MOST_CONNECTIONS = 80
LIMITS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "10s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "30s",
}
# Only a superuser can set it, and the role cannot set it off: a query may fill so much of the disk and no more.
DISK_OF_A_QUERY = "256MB"
# Functions that write, or that make others wait, and that everybody may call in a new database.
WRITING = (
    *("lo_creat", "lo_create", "lo_from_bytea", "lo_put", "lowrite", "lo_truncate", "lo_truncate64"),
    *("lo_unlink", "lo_import", "lo_export", "pg_logical_emit_message"),
    *("pg_advisory_lock", "pg_advisory_lock_shared", "pg_advisory_xact_lock", "pg_advisory_xact_lock_shared"),
    *("pg_try_advisory_lock", "pg_try_advisory_lock_shared"),
    *("pg_try_advisory_xact_lock", "pg_try_advisory_xact_lock_shared"),
)
OPEN_TO_ALL = """
    SELECT p.oid::regprocedure::text FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname = ANY(%s) AND a.grantee = 0
    ORDER BY 1
"""
# Each finds a right to write that the role still has, in words.
LEFT_OPEN = (
    """SELECT 'make tables in the schema ' || nspname FROM pg_namespace
       WHERE nspname !~ '^pg_(toast|temp)' AND has_schema_privilege(%(role)s, oid, 'CREATE')""",
    """SELECT right_to || ' in this database'
       FROM (VALUES ('CREATE', 'make schemas'), ('TEMP', 'make temporary tables')) AS known (privilege, right_to)
       WHERE has_database_privilege(%(role)s, current_database(), privilege)""",
    """SELECT 'write to ' || oid::regclass FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
       AND (has_table_privilege(%(role)s, oid, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER, REFERENCES')
            OR has_any_column_privilege(%(role)s, oid, 'INSERT, UPDATE, REFERENCES'))
       AND relnamespace <> 'pg_catalog'::regnamespace""",
    # CASE: PostgreSQL may ask about rights first, and only a sequence has them.
    """SELECT 'advance ' || oid::regclass FROM pg_class
       WHERE CASE WHEN relkind = 'S' THEN has_sequence_privilege(%(role)s, oid, 'USAGE, UPDATE') END""",
    """SELECT 'call ' || oid::regprocedure FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
       AND proname = ANY(%(writing)s) AND has_function_privilege(%(role)s, oid, 'EXECUTE')""",
    """SELECT 'act as ' || r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
       WHERE m.member = (SELECT oid FROM pg_roles WHERE rolname = %(role)s)""",
    """SELECT 'change what it owns: ' || oid::regclass FROM pg_class
       WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = %(role)s)""",
)
NEEDED = """
    SELECT rolsuper, rolcreaterole,
        pg_has_role(current_user, (SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE'),
        pg_has_role(current_user, (SELECT nspowner FROM pg_namespace WHERE nspname = 'public'), 'USAGE'),
        current_user, current_database()
    FROM pg_roles WHERE rolname = current_user
"""
OTHER_DATABASES = """
    SELECT datname FROM pg_database WHERE datallowconn AND datname <> current_database()
    AND has_database_privilege(%s, oid, 'CONNECT') ORDER BY 1
"""


def make_role(name: str, password: str) -> bool:
    """Create the role, or put right the role that this command made; return whether it is new.

    Raises CommandError if our own role may not, or if the role is somebody else's.
    """
    is_superuser = _see_our_rights()
    found = rows(
        """SELECT shobj_description(oid, 'pg_authid'),
            rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls
        FROM pg_roles WHERE rolname = %s""",
        [name],
    )
    if found and found[0][0] != MADE_HERE:
        raise CommandError(
            f"The role {name} is there already and was not made by this command: choose another."
        )
    if found and found[0][1] and not is_superuser:
        raise CommandError(f"The role {name} was given more rights by somebody: run this as a superuser.")
    # The server and its log get only a hash of the password.
    connection.ensure_connection()
    pg = connection.connection.pgconn
    secret = pg.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    role = sql.Identifier(name)
    # A new role has none of these, and others than superusers may not even say so of an old one.
    denied = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS" if is_superuser else ""
    run(
        "{} ROLE {} LOGIN {} CONNECTION LIMIT {} PASSWORD {}",
        *(sql.SQL("ALTER" if found else "CREATE"), role, sql.SQL(denied)),
        *(sql.Literal(MOST_CONNECTIONS), sql.Literal(secret)),
    )
    run("COMMENT ON ROLE {} IS {}", role, sql.Literal(MADE_HERE))
    limits = {**LIMITS, **({"temp_file_limit": DISK_OF_A_QUERY} if is_superuser else {})}
    for setting, value in limits.items():
        run("ALTER ROLE {} SET {} = {}", role, sql.Identifier(setting), sql.Literal(value))
    return not found


def permit_reading(name: str, tables: Sequence[str]) -> None:
    """Take every right from the role, and grant the needed ones.

    Raises CommandError if the role could still write.
    """
    role, database = sql.Identifier(name), sql.Identifier(str(connection.settings_dict["NAME"]))
    for kind in ("TABLES", "SEQUENCES", "ROUTINES"):
        run("REVOKE ALL ON ALL {} IN SCHEMA public FROM {}", sql.SQL(kind), role)
        # A table of a later migration may hold accounts or histories: it stays closed.
        if kind != "ROUTINES":
            run("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON {} FROM {}", sql.SQL(kind), role)
    for [held] in rows(
        """SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
        JOIN pg_roles own ON own.oid = m.member WHERE own.rolname = %s""",
        [name],
    ):
        run("REVOKE {} FROM {}", sql.Identifier(held), role)
    run("REVOKE ALL ON SCHEMA public FROM {}", role)
    # Before PostgreSQL 15 everybody could make tables in this schema, and an upgraded database keeps that.
    run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    run("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC", database)
    run("REVOKE ALL ON DATABASE {} FROM {}", database, role)
    _close_writing_functions()
    run("GRANT USAGE ON SCHEMA public TO {}", role)
    run("GRANT CONNECT ON DATABASE {} TO {}", database, role)
    run("GRANT SELECT ON {} TO {}", sql.SQL(", ").join(map(sql.Identifier, tables)), role)
    if left := left_open(name):
        raise CommandError(
            f"{name} could still {', '.join(left)}: take these rights back, then run this again."
        )


def left_open(name: str) -> list[str]:
    """The rights to write that the role has, each in words."""
    values = {"role": name, "writing": list(WRITING)}
    return sorted(what for query in LEFT_OPEN for [what] in rows(query, values))


def other_databases(name: str) -> list[str]:
    """The other databases of the server which the role may enter, as everybody may."""
    return [each for [each] in rows(OTHER_DATABASES, [name])]


def _see_our_rights() -> bool:
    """Whether our own role is a superuser. Raises CommandError if it may not do what this command does."""
    [(is_superuser, makes_roles, owns_database, owns_schema, user, database)] = rows(NEEDED, [])
    if is_superuser or (makes_roles and owns_database and owns_schema):
        return bool(is_superuser)
    raise CommandError(
        f"{user} may not make roles or may not close {database}: run this as a superuser, or as the owner of the"
        f" database and its schema public with the right CREATEROLE."
    )


def _close_writing_functions() -> None:
    """Take the functions that write from everybody, and give them to the database's owner and to us.

    Raises CommandError if they are open and we are no superuser, whom they belong to.
    """
    functions = [each for [each] in rows(OPEN_TO_ALL, [list(WRITING)])]
    if not functions:
        return
    [(is_superuser, *_, user, database)] = rows(NEEDED, [])
    [[owner]] = rows("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()", [])
    keepers = sql.SQL(", ").join(map(sql.Identifier, sorted({owner, user})))
    listed = sql.SQL(", ").join(map(sql.SQL, functions))
    statements = [
        sql.SQL("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC").format(listed),
        sql.SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(listed, keepers),
    ]
    if not is_superuser:
        asked = "; ".join(each.as_string(connection.connection) for each in statements)
        raise CommandError(
            f"Everybody may write large objects and hold locks in {database}, and only a superuser can close this."
            f" Let a superuser run once, in {database}: {asked};"
        )
    for statement in statements:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def run(statement: str, *parts: sql.Composable) -> None:
    """Run a statement whose parts are names and values."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*parts))


def rows(statement: str, values: Any) -> list[tuple[Any, ...]]:
    """The rows that a question finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
