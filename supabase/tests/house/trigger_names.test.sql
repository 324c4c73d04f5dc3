-- Triggers fire in the order of their names, so a name tells the table and what the trigger does.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(2);

create temporary view offenders as
select format('%s: %s', relations.title, pg_trigger.tgname) as title
from pg_trigger
join project_relations as relations on relations.oid = pg_trigger.tgrelid
where not pg_trigger.tgisinternal
  and pg_trigger.tgparentid = 0
  and not starts_with(pg_trigger.tgname, relations.relname || '_');

select is_empty(
  'select title from offenders',
  'every trigger is named by its table and what it does'
);

savepoint planted;
create table directory.planted (updated_at timestamptz not null default now());
create trigger set_updated_at before update on directory.planted
for each row execute function private.set_updated_at();
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['directory.planted: set_updated_at'],
  'a trigger without its table in its name is found'
);

select * from finish();
rollback;
