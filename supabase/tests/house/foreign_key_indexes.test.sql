-- Without an index on the referring columns each delete of the referenced row reads the whole
-- table, and holds its locks meanwhile.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(3);

create temporary view offenders as
select format('%s: %s', relations.title, pg_constraint.conname) as title
from pg_constraint
join project_relations as relations on relations.oid = pg_constraint.conrelid
where pg_constraint.contype = 'f'
  and not exists (
    select 1
    from pg_index
    where pg_index.indrelid = pg_constraint.conrelid
      and pg_index.indisvalid
      and pg_index.indpred is null
      and pg_index.indnkeyatts >= cardinality(pg_constraint.conkey)
      -- the first columns of the index are those of the key, in any order
      and (pg_index.indkey::int2[])[0:cardinality(pg_constraint.conkey) - 1]
        @> pg_constraint.conkey
  );

select is_empty(
  'select title from offenders',
  'every foreign key has an index that begins with it'
);

savepoint planted;
create table directory.planted_parent (id int primary key, part int, unique (id, part));
create table directory.planted_child (
  id int primary key,
  bare_id int constraint planted_child_bare_id_fkey
    references directory.planted_parent on delete cascade,
  partial_id int constraint planted_child_partial_id_fkey
    references directory.planted_parent on delete cascade,
  second_id int constraint planted_child_second_id_fkey
    references directory.planted_parent on delete cascade,
  right_id int references directory.planted_parent on delete cascade,
  both_id int,
  part int,
  foreign key (both_id, part) references directory.planted_parent (id, part) on delete cascade
);
create index on directory.planted_child (partial_id) where id > 5;
create index on directory.planted_child (id, second_id);
create index on directory.planted_child (right_id, id);
create index on directory.planted_child (part, both_id);
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'directory.planted_child: planted_child_bare_id_fkey',
    'directory.planted_child: planted_child_partial_id_fkey',
    'directory.planted_child: planted_child_second_id_fkey'
  ],
  'a foreign key without an index, with a partial one, or with one that begins elsewhere is found'
);

savepoint planted;
create table directory.planted_child (
  user_id uuid constraint planted_child_user_id_fkey references auth.users (id) on delete cascade
);
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['directory.planted_child: planted_child_user_id_fkey'],
  'a foreign key to a table of the platform needs its index too'
);

select * from finish();
rollback;
