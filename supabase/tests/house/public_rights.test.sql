-- A right of PUBLIC is a right of anon, of every role that will ever exist, and of no test's list.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql
\ir rights.psql

select plan(3);

create temporary view offenders as
select format('%s.%s: %s', schema_name, object, privilege) as title
from rights
where grantee = 'PUBLIC';

select is_empty(
  'select title from offenders',
  'PUBLIC may execute no function and holds no right on a schema, table, column or sequence'
);

savepoint planted;
create function private.planted() returns int language sql set search_path = '' as 'select 1';
select array(select title from offenders) as found_before \gset
grant execute on function private.planted() to public;
grant usage on schema ops to public;
create table directory.planted (id int);
grant update (id) on directory.planted to public;
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found_before'::text[],
  '{}',
  'a function is not executable by PUBLIC when nothing is granted'
);
select is(
  :'found'::text[],
  array['directory.planted: update', 'ops.ops: usage', 'private.planted: execute'],
  'a right of PUBLIC on a function, a schema or a column is found'
);

select * from finish();
rollback;
