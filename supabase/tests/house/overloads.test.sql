-- The API picks a function by the names of the arguments it got, so two of one name are a guess;
-- and the lists of rights name a function by its name alone.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(2);

create temporary view offenders as
select format('%s.%s', pronamespace::regnamespace, proname) as title
from project_functions
group by pronamespace, proname
having count(*) > 1;

select is_empty('select title from offenders', 'no two functions of a schema share a name');

savepoint planted;
create function directory.planted(id int) returns int language sql as 'select 1';
create function directory.planted(id int, note text) returns int language sql as 'select 1';
create function private.planted(id int) returns int language sql as 'select 1';
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(:'found'::text[], array['directory.planted'], 'an overload is found');

select * from finish();
rollback;
