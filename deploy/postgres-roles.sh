#!/usr/bin/env bash
# Create the owner of the database, which migrates it, and the role of web servers and jobs, which reads and writes rows.
# docker-compose.yml runs this in a new database server. It can be repeated, also on a database of an older version:
#   docker compose exec postgres bash /docker-entrypoint-initdb.d/roles.sh
set -eu

psql --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set ON_ERROR_STOP=1 --quiet \
    --set database="$POSTGRES_DB" --set owner_password="$OWNER_PASSWORD" --set web_password="$WEB_PASSWORD" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', role) FROM unnest(ARRAY['marquee_owner', 'marquee_web']) AS role
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
ALTER ROLE marquee_owner PASSWORD :'owner_password';
ALTER ROLE marquee_web PASSWORD :'web_password';
ALTER DATABASE :"database" OWNER TO marquee_owner;
ALTER SCHEMA public OWNER TO marquee_owner;
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO marquee_web;
SELECT format('ALTER TABLE %I OWNER TO marquee_owner', tablename) FROM pg_tables WHERE schemaname = 'public' \gexec
SQL
