-- Materialized views and foreign tables know no row-level security.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(2);

create temporary view offenders as
select title from project_relations where is_exposed and relkind in ('m', 'f');

select is_empty(
  'select title from offenders',
  'no exposed schema holds a materialized view or a foreign table'
);

savepoint planted;
create materialized view directory.planted as select 1 as id;
create materialized view private.right_one as select 1 as id;
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['directory.planted'],
  'a materialized view in an exposed schema is found'
);

select * from finish();
rollback;
