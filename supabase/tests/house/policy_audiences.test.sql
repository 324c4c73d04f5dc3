-- Each audience is named, and has one policy for a command with OR inside: two permissive ones are
-- both run for each row, and who reads one does not see what the other opens.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(4);

create temporary view unnamed as
select format('%s: %s', relations.title, pg_policy.polname) as title
from pg_policy
join project_relations as relations on relations.oid = pg_policy.polrelid
where 0 = any (pg_policy.polroles);

create temporary view doubled as
select format('%s: %s for %s', relations.title, pg_policy.polcmd, role.oid::regrole) as title
from pg_policy
join project_relations as relations on relations.oid = pg_policy.polrelid
cross join lateral unnest(pg_policy.polroles) as role (oid)
where pg_policy.polpermissive
group by relations.title, pg_policy.polcmd, role.oid
having count(*) > 1;

select is_empty('select title from unnamed', 'every policy names the roles that it is for');
select is_empty(
  'select title from doubled',
  'a role has one permissive policy for each command of a table'
);

savepoint planted;
create table directory.planted (id int);
create policy planted_unnamed on directory.planted for select using (true);
create policy planted_first on directory.planted for select to anon, authenticated using (true);
create policy planted_second on directory.planted for select to authenticated using (true);
create policy right_update on directory.planted for update to anon using (true) with check (true);
create policy right_restrictive on directory.planted as restrictive for update to anon
using (true) with check (true);
select array(select title from unnamed order by title collate "C") as found_unnamed \gset
select array(select title from doubled order by title collate "C") as found_doubled \gset
rollback to savepoint planted;
select is(
  :'found_unnamed'::text[],
  array['directory.planted: planted_unnamed'],
  'a policy for everyone is found'
);
select is(
  :'found_doubled'::text[],
  array['directory.planted: r for authenticated'],
  'two permissive policies for the same role and command are found'
);

select * from finish();
rollback;
