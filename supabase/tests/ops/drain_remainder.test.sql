-- What a drain can not take, or not yet, stays in the default.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir drain.psql

select plan(6);

insert into planted.events (id, at) values (9001, 'infinity'), (9002, '-infinity');
select ops.set_setting('ops.drain_periods', '2') \g /dev/null
select is(pg_temp.advance('done'), 'done', 'a drain makes as many partitions as it may');
select set_eq(
  $$select at::text
    from planted.events
    where tableoid = (
      select child from ops.partition_bounds('planted.events') where is_default
    ) and not isfinite(at)$$,
  array['infinity', '-infinity'],
  'rows at infinity stay in the default'
);
select is(
  (select array_agg(distinct date_trunc('month', at at time zone 'UTC')) from planted.events
    where isfinite(at)
      and tableoid = (select child from ops.partition_bounds('planted.events') where is_default)),
  array[timestamp '2020-03-01'],
  'so do those of the months that did not fit'
);
select ok(not ops.drain_partitions(), 'the next drain waits for the pause');
select pg_temp.let_pause_pass() \g /dev/null
select ops.drain_partitions() \g /dev/null
select is(pg_temp.advance('done'), 'done', 'the next drain takes the rest');
select pg_temp.let_pause_pass() \g /dev/null
select ok(not ops.drain_partitions(), 'a default with rows at infinity alone is not drained');

select * from finish();
rollback;
