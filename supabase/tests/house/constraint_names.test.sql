-- A client sees the name of the constraint that it broke, and a migration drops one by its name.
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
-- of a partition, those of its parent come by themselves
where pg_constraint.conislocal
  and pg_constraint.contype in ('p', 'u', 'f', 'c', 'x', 'n')
  and (
    not starts_with(pg_constraint.conname, left(relations.relname, 50) || '_')
    or pg_constraint.conname !~ case pg_constraint.contype
      when 'p' then '_pkey$'
      when 'u' then '_key$'
      when 'f' then '_fkey$'
      when 'c' then '_check$'
      when 'x' then '_excl$'
      when 'n' then '_not_null$'
    end
  );

select is_empty(
  'select title from offenders',
  'every constraint is named by its table and its kind: _pkey, _key, _fkey, _check or _excl'
);

savepoint planted;
create table directory.planted (
  id int constraint planted_primary primary key,
  code text not null constraint code_key unique,
  level int constraint planted_level check (level > 0),
  parent_id int constraint planted_parent_id_check references directory.planted on delete cascade,
  right_one int unique check (right_one > 0) references directory.planted on delete cascade
);
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'directory.planted: code_key', 'directory.planted: planted_level',
    'directory.planted: planted_parent_id_check', 'directory.planted: planted_primary'
  ],
  'a constraint without its table, without its kind or with another kind in its name is found'
);

select * from finish();
rollback;
