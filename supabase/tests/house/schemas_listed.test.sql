-- The other house rules look at the schemas of schemas.psql; one that is not listed would escape
-- all of them.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(4);

-- What role postgres owns and the platform or the CLI made, here or in the Docker stack.
create temporary view offenders as
select pg_namespace.nspname::text as name
from pg_namespace
where pg_namespace.nspowner = to_regrole('postgres')
  and pg_namespace.nspname !~ '^pg_'
  and pg_namespace.nspname not in (
    'extensions', 'supabase_migrations', 'supabase_functions', 'graphql', 'graphql_public',
    'vault', 'cron', 'net', 'pgbouncer', 'realtime', '_realtime', '_analytics', '_supavisor'
  )
  and pg_namespace.nspname not in (select project_schemas.name from project_schemas);

select is_empty(
  'select name from offenders',
  'every schema that the migrations make is in the list of the house rules'
);

select is_empty(
  'select name from project_schemas where oid is null',
  'every schema in the list of the house rules exists'
);

savepoint planted;
create schema planted;
select array(select name from offenders order by name collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['planted'],
  'a schema that is not in the list is found'
);

savepoint planted;
alter schema ops rename to planted;
select array(select name from project_schemas where oid is null) as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['ops'],
  'a listed schema that is gone is found'
);

select * from finish();
rollback;
