#!/usr/bin/env bash
# For each service a database, a role that owns its schema, and one that reads and writes its rows and can change no table.
set -euo pipefail

database() { # NAME OWNER OWNER_PASSWORD SERVICE SERVICE_PASSWORD
  # passwords by the environment: a command line is everybody's to see who is on the node
  owner_password="$3" service_password="$5" psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" \
    --dbname postgres --set database="$1" --set owner="$2" --set service="$4" <<'SQL'
\getenv owner_password owner_password
\getenv service_password service_password
CREATE ROLE :"owner" LOGIN PASSWORD :'owner_password';
CREATE ROLE :"service" LOGIN PASSWORD :'service_password';
CREATE DATABASE :"database" OWNER :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"service";
\connect :"database"
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"service";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO :"service";
SQL
}

database fulfillment "$FULFILLMENT_OWNER" "$FULFILLMENT_OWNER_PASSWORD" "$FULFILLMENT_USER" "$FULFILLMENT_PASSWORD"
database receipts "$RECEIPTS_OWNER" "$RECEIPTS_OWNER_PASSWORD" "$RECEIPTS_USER" "$RECEIPTS_PASSWORD"
