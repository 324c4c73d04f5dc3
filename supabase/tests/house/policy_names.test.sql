-- The name of a policy says which rule is meant: table, command, for whom.
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
where pg_policy.polname !~ format(
  '^%s_%s_[a-z0-9_]+$',
  relations.relname,
  case pg_policy.polcmd
    when 'r' then 'select'
    when 'a' then 'insert'
    when 'w' then 'update'
    when 'd' then 'delete'
    else 'all'
  end
);

select is_empty(
  'select title from offenders',
  'every policy is named by its table, its command and whom it is for'
);

savepoint planted;
create table directory.planted (id int);
create policy "People read" on directory.planted for select to anon using (true);
create policy planted_select_owner on directory.planted for insert to anon with check (true);
create policy planted_select on directory.planted for select to authenticated using (true);
create policy planted_delete_owner on directory.planted for delete to anon using (true);
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'directory.planted: People read', 'directory.planted: planted_select',
    'directory.planted: planted_select_owner'
  ],
  'a policy named by a sentence, by another command or for nobody is found'
);

select * from finish();
rollback;
