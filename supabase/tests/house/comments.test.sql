-- The schema docs, the OpenAPI and the TypeScript types are made from comments, so an object
-- without one is an object without documentation.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(3);

create temporary view offenders as
with commented (title, comment) as (
  select name, obj_description(oid, 'pg_namespace') from project_schemas
  union all
  -- a partition is described by its parent
  select title, obj_description(oid, 'pg_class')
  from project_relations
  where relkind in ('r', 'p', 'v', 'm', 'f') and not relispartition
  union all
  select title, obj_description(oid, 'pg_proc') from project_functions
  union all
  select format('%I.%I', name, cfgname), obj_description(pg_ts_config.oid, 'pg_ts_config')
  from project_schemas
  join pg_ts_config on pg_ts_config.cfgnamespace = project_schemas.oid
  union all
  select format('%I.%I', name, dictname), obj_description(pg_ts_dict.oid, 'pg_ts_dict')
  from project_schemas
  join pg_ts_dict on pg_ts_dict.dictnamespace = project_schemas.oid
  union all
  -- types that stand for themselves, not those of a table or of an array
  select format('%I.%I', name, typname), obj_description(pg_type.oid, 'pg_type')
  from project_schemas
  join pg_type on pg_type.typnamespace = project_schemas.oid
  left join pg_class on pg_class.oid = pg_type.typrelid
  where pg_type.typtype in ('d', 'e', 'r') or pg_class.relkind = 'c'
)
select title from commented where coalesce(comment, '') !~ '\.$';

select is_empty(
  'select title from offenders',
  'every schema, table, view, function and type has a comment that is a sentence'
);

savepoint planted;
comment on schema ops is null;
create table directory.planted_table (id int);
create view directory.planted_view as select 1 as id;
create function private.planted_function(argument int) returns int language sql as 'select 1';
create text search configuration private.planted_configuration (copy = pg_catalog.simple);
create type private.planted_type as enum ('a');
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'directory.planted_table', 'directory.planted_view', 'ops', 'private.planted_configuration',
    'private.planted_function(argument integer)', 'private.planted_type'
  ],
  'an object of each kind without a comment is found'
);

savepoint planted;
create table directory.planted (id int);
comment on table directory.planted is 'planted';
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['directory.planted'],
  'a comment that is no sentence is found'
);

select * from finish();
rollback;
