-- Each check runs once a night, one to a call, and old results go.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(7);

delete from ops.data_quality_results where true;
delete from ops.data_quality_checks where true;
select
  ops.define_invariant('planted.b', 'select 1 where false', 'x'),
  ops.define_invariant('planted.a', 'select 1 / 0', 'x')
\g /dev/null

insert into ops.data_quality_results (check_name, status, violations, checked_at, duration_ms)
values
  ('planted.a', 'passed', 0, now() - interval '10 years', 1),
  ('planted.b', 'passed', 0, date_trunc('day', now(), 'UTC') - interval '1 microsecond', 1);

select is(ops.run_due_data_quality_check(), true, 'a call runs one check, and more may wait');
select is(ops.run_due_data_quality_check(), true,
  'a check that failed does not keep the next from its turn');
select results_eq(
  $$
    select check_name, count(*)::int
    from ops.data_quality_results
    where checked_at >= date_trunc('day', now(), 'UTC')
    group by check_name
    order by check_name
  $$,
  $$values ('planted.a', 1), ('planted.b', 1)$$,
  'each check has run once since midnight UTC, also one that last ran right before'
);
select is(ops.run_due_data_quality_check(), false, 'then nothing waits until the next night');
select is_empty(
  $$select from ops.data_quality_results where checked_at < now() - interval '9 years'$$,
  'results past their retention are gone'
);
select results_eq(
  $$select handler, every from ops.topics where name = 'data-quality'$$,
  $$values ('ops.run_due_data_quality_check', interval '1 day')$$,
  'the executor runs it each night'
);

-- what a watchdog does to a check that hangs
select ops.define_invariant('planted.slow', 'select pg_sleep(5)', 'x') \g /dev/null
set local statement_timeout = '300ms';
select status as slow_status from ops.run_data_quality_check('planted.slow') \gset
set local statement_timeout = 0;
select is(:'slow_status'::text, 'error', 'a check that is cancelled has its result, and the next its turn');

select * from finish();
rollback;
