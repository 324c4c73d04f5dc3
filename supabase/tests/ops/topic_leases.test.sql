-- Who runs a topic is a lease with an end; who has lost it changes nothing any more.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(14);

create schema planted;
create table planted.traces (id int);
create function planted.handler() returns boolean language sql
as 'insert into planted.traces values (1); select false';
update ops.topics set is_enabled = false where true;
select ops.define_topic('planted', 'planted.handler', '1 hour', '5 seconds', description => 'x')
\g /dev/null
select ops.run_topic('planted') \g /dev/null

select now() + interval '45 seconds' as tick_ends \gset
select ops.claim_topic(:'tick_ends', now()) as lease \gset
select results_eq(
  $$
    select lease_until, run_until, lease_pid, lease_backend_start, last_started_at
    from ops.topics
    where name = 'planted'
  $$,
  $$
    select now() + interval '35 seconds', now() + interval '5 seconds', pid, backend_start, now()
    from pg_stat_activity
    where pid = pg_backend_pid()
  $$,
  'a lease holds for the budget and the grace, and names the backend'
);
select is(ops.claim_topic(:'tick_ends'), null, 'a topic with a holder is not claimed again');
select is_empty(
  $$select from ops.recover_leases(now() + interval '35 seconds') where topic = 'planted'$$,
  'a lease that holds is left alone'
);

-- The backend of the lease is gone.
update ops.topics set lease_backend_start = '2000-01-01' where name = 'planted';
select results_eq(
  $$select * from ops.recover_leases(now() + interval '36 seconds') where topic = 'planted'$$,
  $$values ('planted', 'lost')$$,
  'a lease that has ended is recovered'
);
select results_eq(
  $$
    select lease_token, lease_until, lease_pid, last_outcome, consecutive_failures, failures,
      attempt_at
    from ops.topics
    where name = 'planted'
  $$,
  $$
    values (null::uuid, null::timestamptz, null::int, 'lost', 1, 1::bigint,
      now() + interval '96 seconds')
  $$,
  'its topic is free, counts a failure and waits'
);
select isnt_empty(
  $$
    select from ops.system_logs
    where source = 'planted' and level = 'error' and message like 'The lease ended%is gone.'
  $$,
  'and the log says so'
);
select is_empty(
  $$select from ops.recover_leases(now() + interval '1 hour') where topic = 'planted'$$,
  'once recovered is enough'
);

select throws_ok(
  format('select ops.run_step(%L)', :'lease'),
  'PL034', null, 'who has lost the lease does not call the handler'
);
select is_empty('table planted.traces', 'and indeed it was not called');
select throws_ok(
  format('select ops.finish_topic(%L, %L)', :'lease', 'done'),
  'PL034', null, 'nor ends the run of another'
);

-- The lease is lost during a step.
create or replace function planted.handler() returns boolean language plpgsql as $$
begin
  insert into planted.traces values (1);
  update ops.topics set lease_token = gen_random_uuid() where name = 'planted';
  return false;
end;
$$;
select ops.run_topic('planted') \g /dev/null
select ops.claim_topic(:'tick_ends') as lease \gset
select throws_ok(
  format('select ops.run_step(%L)', :'lease'),
  'PL034', null, 'a step whose lease is lost meanwhile ends in an error'
);
select is_empty('table planted.traces', 'which undoes what the step did');

-- A budget that goes past the end of the tick.
select ops.finish_topic(:'lease', 'done') \g /dev/null
select ops.run_topic('planted') \g /dev/null
select ops.claim_topic(now() + interval '2 seconds', now()) as lease \gset
select results_eq(
  $$select run_until, lease_until from ops.topics where name = 'planted'$$,
  $$values (now() + interval '2 seconds', now() + interval '32 seconds')$$,
  'no run passes the end of the tick'
);
select throws_ok(
  $$update ops.topics set lease_until = null where name = 'planted'$$,
  '23514', null, 'a lease is whole or not there'
);

select * from finish();
rollback;
