-- Extensions that exist before the first migration. Run as supabase_admin.

-- Hosted creates these for every project.
create extension pgcrypto with schema extensions;
create extension "uuid-ossp" with schema extensions;
create extension pg_stat_statements with schema extensions;

-- `supabase test db` and `supabase db lint` create these when they run; here they are ready, so that
-- tests and checks need no right to create anything.
create extension pgtap with schema extensions;
create extension plpgsql_check with schema extensions;

grant all on all tables in schema extensions to postgres, dashboard_user;
grant all on all routines in schema extensions to postgres, dashboard_user;
