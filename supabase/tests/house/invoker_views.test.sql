-- A view reads with its owner's rights, past row-level security, unless it is security_invoker.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(2);

create temporary view offenders as
select title
from project_relations
where relkind = 'v'
  and is_exposed
  and not coalesce(reloptions @> array['security_invoker=true'], false);

select is_empty(
  'select title from offenders',
  'every view of an exposed schema reads with the rights of its caller'
);

savepoint planted;
create view directory.planted_plain as select 1 as id;
create view ops.planted_false with (security_invoker = false) as select 1 as id;
create view directory.right_one with (security_invoker = true) as select 1 as id;
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['directory.planted_plain', 'ops.planted_false'],
  'a view that reads with the rights of its owner is found'
);

select * from finish();
rollback;
