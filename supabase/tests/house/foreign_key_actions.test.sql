-- What a delete does to the rows that refer to it is decided in writing. The action that Postgres
-- takes when nothing is written is NO ACTION, so none may have it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(2);

create temporary view offenders as
select format('%s: %s', relations.title, pg_constraint.conname) as title
from pg_constraint
join project_relations as relations on relations.oid = pg_constraint.conrelid
where pg_constraint.contype = 'f' and pg_constraint.confdeltype = 'a';

select is_empty('select title from offenders', 'every foreign key says what a delete does');

savepoint planted;
create table directory.planted_parent (id int primary key);
create table directory.planted_child (
  unsaid_id int constraint planted_child_unsaid_id_fkey references directory.planted_parent,
  said_id int references directory.planted_parent on delete restrict
);
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['directory.planted_child: planted_child_unsaid_id_fkey'],
  'a foreign key without on delete is found'
);

select * from finish();
rollback;
