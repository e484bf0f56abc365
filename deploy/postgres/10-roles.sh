#!/usr/bin/env bash
# Run once by the postgres image on an empty volume: the owner of the tables, the application's
# role and their database. Names and passwords are those of the two addresses in the secrets.
set -euo pipefail
folder=${SECRETS:-/run/secrets}

word() { # word FILE user|password
    local pair
    pair=$(sed -E 's|^[a-z]+://([^@]*)@.*$|\1|' "$folder/$1")
    if [ "$2" = user ]; then echo "${pair%%:*}"; else echo "${pair#*:}"; fi
}

PORTAL_OWNER=$(word database_owner_url user)
PORTAL_OWNER_PASSWORD=$(word database_owner_url password)
PORTAL_APP=$(word database_url user)
PORTAL_APP_PASSWORD=$(word database_url password)
export PORTAL_OWNER PORTAL_OWNER_PASSWORD PORTAL_APP PORTAL_APP_PASSWORD
psql --no-psqlrc --quiet --username=postgres --dbname=postgres --file="${ROLES:-/roles.sql}"
