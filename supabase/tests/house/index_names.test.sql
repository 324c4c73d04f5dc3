-- The name of an index tells its table and whether it is there for speed (_idx) or holds a rule.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql

select plan(2);

create temporary view offenders as
select indexes.title
from pg_index
join project_relations as indexes on indexes.oid = pg_index.indexrelid
join project_relations as relations on relations.oid = pg_index.indrelid
-- Postgres names the indexes of a partition
where not relations.relispartition
  and (
    not starts_with(indexes.relname, left(relations.relname, 50) || '_')
    or indexes.relname !~ case
      when pg_index.indisprimary then '_pkey$'
      when pg_index.indisunique then '_key$'
      when pg_index.indisexclusion then '_excl$'
      else '_idx$'
    end
  );

select is_empty(
  'select title from offenders',
  'every index is named by its table and its kind: _idx, _key, _pkey or _excl'
);

savepoint planted;
create table directory.planted (id int primary key, code text, note text, right_one int unique);
create index planted_code on directory.planted (code);
create unique index planted_code_idx on directory.planted (code);
create index note_idx on directory.planted (note);
create unique index planted_note_key on directory.planted (note) where id > 0;
select array(select title from offenders order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array['directory.note_idx', 'directory.planted_code', 'directory.planted_code_idx'],
  'an index without its table, without its kind or with another kind in its name is found'
);

select * from finish();
rollback;
