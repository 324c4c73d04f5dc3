-- A drain can be undone at any time before its swap.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir drain.psql

select plan(8);

select throws_ok(
  $$select ops.abandon_drain('planted.events')$$,
  'PL024', 'No drain of planted.events runs.', 'without a drain there is nothing to undo'
);
select ops.drain_partitions() \g /dev/null
select ops.abandon_drain('planted.events') \g /dev/null
select is(phase, 'abandoned', 'it is undone before the triggers are set') from drain;

select ops.drain_partition('planted.events') \g /dev/null
select is(pg_temp.advance('swapping'), 'swapping', 'another one can be started by hand');
select shadow from drain \gset
select ops.abandon_drain('planted.events') \g /dev/null
select is(error, 'Abandoned by hand.', 'it is undone before its swap') from drain;
select is(to_regclass(:'shadow'), null, 'the copy is gone');
select is_empty(
  $$select child::text from ops.partition_bounds('planted.events') where lower_bound < '2021'$$,
  'the table has no new partition'
);
delete from planted.events where id <= 1000;
select is((select count(*) from planted.events), 1000::bigint, 'writers meet no trigger of it');
select ok(not ops.drain_partitions(), 'the executor leaves the table alone for a while');

select * from finish();
rollback;
