-- for all gives a delete to whoever was meant to read, and an update without with check lets a row
-- be handed to somebody else.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(2);

create temporary view offenders as
select format('%s: %s', relations.title, pg_policy.polname) as title
from pg_policy
join project_relations as relations on relations.oid = pg_policy.polrelid
where pg_policy.polcmd = '*'
  or (pg_policy.polcmd = 'w' and (pg_policy.polqual is null or pg_policy.polwithcheck is null));

select is_empty(
  'select title from offenders',
  'every policy is for one command, and one for update says which rows before and which after'
);

savepoint planted;
create table directory.planted (id int);
create policy planted_all on directory.planted to anon using (true) with check (true);
create policy planted_using on directory.planted for update to anon using (true);
create policy planted_check on directory.planted for update to anon with check (true);
create policy right_one on directory.planted for update to anon using (true) with check (true);
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'directory.planted: planted_all', 'directory.planted: planted_check',
    'directory.planted: planted_using'
  ],
  'a policy for all commands, and an update policy with one of its clauses, is found'
);

select * from finish();
rollback;
