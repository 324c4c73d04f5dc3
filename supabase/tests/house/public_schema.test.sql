-- Schema public is in everybody's search_path, and what is made there is granted to the API roles
-- by the platform's defaults, so nothing of ours lives in it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(3);

create temporary view offenders as
with made as (
  select 'pg_class'::regclass as catalogue, oid, oid::regclass::text as title
  from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  union all
  select 'pg_proc'::regclass, oid, oid::regprocedure::text
  from pg_proc
  where pronamespace = 'public'::regnamespace
)
select made.title
from made
where not exists (
  select 1
  from pg_depend
  where pg_depend.classid = made.catalogue
    and pg_depend.objid = made.oid
    and pg_depend.deptype = 'e'
);

select is_empty('select title from offenders', 'schema public holds nothing of ours');

savepoint planted;
create table public.planted (id int);
create function public.planted() returns int language sql as 'select 1';
select array(select title from offenders order by title collate "C") as found \gset
select array(
  select role
  from unnest(array['anon', 'authenticated', 'service_role']) as role
  where has_table_privilege(role, 'public.planted', 'select, insert, update, delete')
    or has_function_privilege(role, 'public.planted()', 'execute')
) as roles \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['public.planted', 'public.planted()'],
  'a table or function in schema public is found'
);
select is(
  :'roles'::text[],
  '{}',
  'even a table or function made there by mistake is granted to no API role'
);

select * from finish();
rollback;
