-- The two roles and the database (house.md §4.1), for psql as superuser. May be run again and again:
-- a first start that was cut short is completed. Names and passwords come from the environment, for
-- a command line is seen by everybody. Used by ./portal and by the container of docker-compose.yml.
\set ON_ERROR_STOP on
\set owner_rights NOCREATEDB
\getenv owner PORTAL_OWNER
\getenv owner_password PORTAL_OWNER_PASSWORD
\getenv owner_rights PORTAL_OWNER_RIGHTS
\getenv app PORTAL_APP
\getenv app_password PORTAL_APP_PASSWORD

SELECT format('CREATE ROLE %I LOGIN', name) FROM (VALUES (:'owner'), (:'app')) AS wanted(name)
 WHERE name NOT IN (SELECT rolname FROM pg_roles) \gexec
ALTER ROLE :"owner" :owner_rights PASSWORD :'owner_password';
ALTER ROLE :"app" PASSWORD :'app_password';

SELECT format('CREATE DATABASE portal OWNER %I', :'owner')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'portal') \gexec
\connect portal

-- The owner makes the tables; the application may read and write them, and `manage.py grant_rights`
-- takes away again what it must not do to the audit record.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO :"owner";
GRANT USAGE ON SCHEMA public TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO :"app";
