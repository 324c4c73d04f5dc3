-- Row-level security is on for every table, also where no API role has a right: a later grant must
-- not open what nobody wrote a policy for.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(3);

create temporary view offenders as
select title from project_relations where relkind in ('r', 'p') and not relrowsecurity;

select is_empty('select title from offenders', 'every table has row-level security');

savepoint planted;
create table private.planted (id int);
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['private.planted'],
  'a table without row-level security is found in an unexposed schema too'
);

savepoint planted;
create table directory.planted (id int) partition by list (id);
create table private.planted_1 partition of directory.planted for values in (1);
alter table directory.planted enable row level security;
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['private.planted_1'],
  'a partition without row-level security is found, since it does not inherit that of its parent'
);

select * from finish();
rollback;
