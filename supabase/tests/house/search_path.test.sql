-- A function resolves names by the caller's search_path unless it pins its own: in a definer
-- function that hands the owner's rights to whoever can create a table of the right name.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(2);

-- Procedures that commit can carry no SET clause. Each is listed here by name, and qualifies every
-- name in its body.
create temporary view committing_procedures (title) as
values ('ops.tick()');

create temporary view offenders as
select title
from project_functions
where prokind <> 'a'
  and not coalesce(proconfig @> array['search_path=""'], false)
  and title not in (select title from committing_procedures);

select is_empty('select title from offenders', 'every function pins an empty search_path');

savepoint planted;
create function directory.planted_none() returns int language sql as 'select 1';
create function directory.planted_public() returns int language sql
set search_path = public as 'select 1';
create procedure private.planted_procedure() language sql as 'select 1';
create function private.right_one() returns int language sql set search_path = '' as 'select 1';
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['directory.planted_none()', 'directory.planted_public()', 'private.planted_procedure()'],
  'a function without a pinned search_path, or with one that is not empty, is found'
);

select * from finish();
rollback;
