-- A definer function in an exposed schema is an endpoint that runs past every policy.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(2);

create temporary view offenders as
select title from project_functions where is_exposed and prosecdef;

select is_empty(
  'select title from offenders',
  'no function of an exposed schema is security definer'
);

savepoint planted;
create function directory.planted() returns int language sql security definer
set search_path = '' as 'select 1';
create function private.right_one() returns int language sql security definer
set search_path = '' as 'select 1';
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['directory.planted()'],
  'a definer function in an exposed schema is found, one in an unexposed schema is not'
);

select * from finish();
rollback;
