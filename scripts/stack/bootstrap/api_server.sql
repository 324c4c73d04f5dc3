-- The login of the local API. PostgREST and GoTrue have one login each; @supabase/lite serves both
-- over one connection, so this role may become each role of the API, and may read and write the
-- users. It reads every catalogue and table to know their shape; a request never runs as this role.

create role lite_server login inherit bypassrls;
grant anon, authenticated, service_role, pg_read_all_data to lite_server;
grant usage on schema auth to lite_server;
grant select, insert, update, delete on all tables in schema auth to lite_server;

-- On hosted the API logs in as authenticator, whose limits hold for service_role too.
alter role lite_server set statement_timeout = '8s';
alter role lite_server set lock_timeout = '8s';
