-- The roles, schemas and privileges that a hosted Supabase project has before its first migration,
-- so that a migration which works here works there: postgres is no superuser. Run once, as the
-- cluster's own superuser supabase_admin, in database postgres. Passwords are set by cluster.ts.

create role postgres nosuperuser createdb createrole replication bypassrls login;
create role anon nologin inherit;
create role authenticated nologin inherit;
create role service_role nologin inherit bypassrls;
create role authenticator login noinherit;
create role supabase_auth_admin login noinherit;
create role supabase_storage_admin login noinherit;
create role dashboard_user nologin createdb createrole replication;

grant anon, authenticated, service_role to authenticator, postgres with admin option;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres with admin option;

alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role supabase_auth_admin set search_path = auth;
alter role postgres set search_path = '$user', public, extensions;
alter database postgres set search_path = '$user', public, extensions;

-- Hosted lets postgres create the extensions of an allow-list; there supautils does it, here its
-- ancestor pgextwlist. The list itself is in the server's configuration (cluster.ts).
alter role postgres set session_preload_libraries = 'pgextwlist';
grant set on parameter session_replication_role, track_io_timing, log_min_messages to postgres;

alter database postgres owner to postgres;
alter schema public owner to pg_database_owner;
grant all on schema public to postgres;
grant usage on schema public to anon, authenticated, service_role;

create schema extensions;
grant all on schema extensions to postgres, dashboard_user;
grant usage on schema extensions to anon, authenticated, service_role;

-- The CLI keeps its history here and would create the schema itself; made now, it belongs to
-- postgres as on hosted, whoever pushes first.
create schema supabase_migrations authorization postgres;

-- What postgres or supabase_admin creates in public is granted to the roles of the API.
alter default privileges for role postgres in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role postgres in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;

create publication supabase_realtime;
alter publication supabase_realtime owner to postgres;
