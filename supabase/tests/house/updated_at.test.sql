-- A column updated_at that nobody keeps is worse than none: clients cache by it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(2);

create temporary view offenders as
select relations.title
from project_relations as relations
join pg_attribute on pg_attribute.attrelid = relations.oid and pg_attribute.attname = 'updated_at'
where relations.relkind in ('r', 'p')
  and not relations.relispartition
  -- a copy, which carries the time of the business that it is made from
  and relations.title <> 'directory.listings'
  and not exists (
    select 1
    from pg_trigger
    where pg_trigger.tgrelid = relations.oid
      and pg_trigger.tgfoid = 'private.set_updated_at()'::regprocedure
      and pg_trigger.tgenabled = 'O'
      -- before each updated row, whatever the row and the columns: 1 row, 2 before, 16 update
      and pg_trigger.tgtype & 19 = 19
      and pg_trigger.tgqual is null
      and cardinality(pg_trigger.tgattr::int2[]) = 0
  );

select is_empty(
  'select title from offenders',
  'every updated_at is kept by the trigger of the house'
);

savepoint planted;
create table directory.planted_none (updated_at timestamptz not null default now());
create table directory.planted_insert (updated_at timestamptz not null default now());
create trigger planted_insert_set_updated_at before insert on directory.planted_insert
for each row execute function private.set_updated_at();
create table directory.planted_some (note text, updated_at timestamptz not null default now());
create trigger planted_some_set_updated_at before update of note on directory.planted_some
for each row execute function private.set_updated_at();
create table directory.planted_disabled (updated_at timestamptz not null default now());
create trigger planted_disabled_set_updated_at before update on directory.planted_disabled
for each row execute function private.set_updated_at();
alter table directory.planted_disabled disable trigger planted_disabled_set_updated_at;
create table directory.right_one (updated_at timestamptz not null default now());
create trigger right_one_set_updated_at before update on directory.right_one
for each row execute function private.set_updated_at();
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'directory.planted_disabled', 'directory.planted_insert', 'directory.planted_none',
    'directory.planted_some'
  ],
  'a table whose trigger is missing, disabled, or fires for some updates only is found'
);

select * from finish();
rollback;
