-- A copy that differs is never swapped in: the drain is abandoned, and starts over.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir drain.psql

select plan(11);

select ops.drain_partitions() \g /dev/null
select is(pg_temp.advance('verifying'), 'verifying', 'all is copied');
select shadow from drain \gset
-- the same number of rows
update :shadow set note = 'planted' where id = 700;
select is(pg_temp.advance('abandoned'), 'abandoned', 'a copy with a different row is found');
select matches(error, '^The copy differs: 1 of [0-9]+ rows from block', 'the drain says why it ended') from drain;
select is(
  (select level from ops.system_logs where message = 'A drain was abandoned.'), 'error',
  'the log has it as an error'
);
select is_empty(
  $$select tgrelid::regclass from pg_trigger where tgname like 'drain%'$$, 'its triggers are gone'
);
select is(to_regclass(:'shadow'), null, 'the copy is gone');
select is(
  (select count(*) from planted.events where note like 'note %'), 2000::bigint,
  'the default holds all rows as they were'
);
select ok(not ops.drain_partitions(), 'it does not start over at once');

select pg_temp.let_pause_pass() \g /dev/null
select ops.drain_partitions() \g /dev/null
select pg_temp.advance('verifying') \g /dev/null
select shadow from drain \gset
insert into :shadow (id, at, note) values (0, '2020-02-10 12:00+00', 'planted');
select is(pg_temp.advance('abandoned'), 'abandoned', 'a copy with a row too many is found');
select is(error, 'The copy differs: 2000 rows, copied 2001.', 'by the number of rows') from drain;

select pg_temp.let_pause_pass() \g /dev/null
select is(pg_temp.advance('done'), 'done', 'it starts over after a pause, and ends well');

select * from finish();
rollback;
