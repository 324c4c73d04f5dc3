-- A step is a call of the handler in a subtransaction; how it ends decides what comes next.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(26);

create schema planted;
create table planted.traces (id int);
create table planted.plan (more boolean, problem text);
insert into planted.plan values (false, null);
create function planted.handler() returns boolean language plpgsql as $$
declare
  plan planted.plan := (select plan from planted.plan);
begin
  insert into planted.traces values (1);
  if plan.problem is not null then
    raise exception using errcode = plan.problem, message = 'planted', hint = 'Mend it.';
  end if;
  return plan.more;
end;
$$;
update ops.topics set is_enabled = false where true;
select ops.define_topic('planted', 'planted.handler', '1 hour', description => 'x') \g /dev/null

create function pg_temp.claim(seconds numeric default 5)
returns uuid
language plpgsql
as $$
begin
  perform ops.run_topic('planted');
  return ops.claim_topic(clock_timestamp() + seconds * interval '1 second');
end;
$$;

create function pg_temp.topic()
returns ops.topics
language sql
as $$ select topics from ops.topics where name = 'planted' $$;

-- Nothing more to do.
select is(ops.run_step(pg_temp.claim()), null, 'a run ends when nothing more is to do');
select is((pg_temp.topic()).last_outcome, 'done', 'it is done');
select is((pg_temp.topic()).lease_token, null, 'the lease is given back in the same transaction');
select is((select count(*) from planted.traces), 1::bigint, 'the work of the step stays');
select is_empty(
  $$select from ops.system_logs where source = 'planted'$$,
  'a run that found nothing to do leaves no entry in the log'
);

-- More to do.
update planted.plan set more = true where true;
select pg_temp.claim() as lease \gset
select is(ops.run_step(:'lease'), 0::double precision, 'more work is a next step, without a pause');
select ok((pg_temp.topic()).lease_token = :'lease', 'the lease stays with its holder');
update planted.plan set more = false where true;
select is(ops.run_step(:'lease'), null, 'until nothing more waits');
select is((pg_temp.topic()).run_steps, 2, 'the steps are counted');
select results_eq(
  $$select level, message from ops.system_logs where source = 'planted'$$,
  $$values ('info', 'It worked in 2 steps.')$$,
  'a run that worked leaves one entry'
);

update planted.plan set more = true where true;
select pg_temp.claim(0.01) as lease \gset
select pg_sleep(0.02) \g /dev/null
select is(ops.run_step(:'lease'), null, 'a run ends with its budget, though more work waits');
select is((pg_temp.topic()).last_outcome, 'more', 'and says so');
select cmp_ok((pg_temp.topic()).attempt_at, '<=', clock_timestamp(), 'it is due again at once');

-- A lock that is taken.
delete from planted.traces where true;
update planted.plan set problem = '55P03' where true;
select pg_temp.claim() as lease \gset
select ops.run_step(:'lease') as pause \gset
select ok(:'pause'::numeric between 0 and 0.5, 'a busy step is repeated after a pause');
select is_empty('table planted.traces', 'what it had done is undone');
update planted.plan set problem = null, more = false where true;
select is(ops.run_step(:'lease'), null, 'the repetition succeeds');
select is((pg_temp.topic()).last_outcome, 'done', 'and the run is no failure');

-- An error.
delete from planted.traces where true;
update planted.plan set problem = 'XX001' where true;
select is(ops.run_step(pg_temp.claim()), null, 'an error ends the run, and not its caller');
select is_empty('table planted.traces', 'what the step had done is undone');
select is(
  (pg_temp.topic()).last_error - 'at' - 'context',
  '{"sqlstate": "XX001", "message": "planted", "hint": "Mend it."}',
  'the error is kept'
);
select results_eq(
  $$
    select message, details ->> 'sqlstate', details ->> 'consecutive_failures'
    from ops.system_logs
    where source = 'planted' and level = 'error'
  $$,
  $$values ('planted', 'XX001', '1')$$,
  'and logged'
);
update planted.plan set problem = '57014' where true;
select ops.run_step(pg_temp.claim()) \g /dev/null
select is(
  ((pg_temp.topic()).consecutive_failures, (pg_temp.topic()).last_error ->> 'sqlstate'),
  (2, '57014'::text),
  'a step that was cancelled is a failure, too'
);

update planted.plan set problem = null where true;
select ops.run_step(pg_temp.claim()) \g /dev/null
select isnt_empty(
  $$
    select from ops.system_logs
    where source = 'planted' and message = 'It works again after 2 failed runs.'
  $$,
  'the success after failures is logged'
);

select ops.set_setting('ops.topic_slow_step_ms', '1') \g /dev/null
create or replace function planted.handler() returns boolean language sql
as 'select pg_sleep(0.01) is null';
select ops.run_step(pg_temp.claim()) \g /dev/null
select isnt_empty(
  $$select from ops.system_logs where source = 'planted' and message = 'A step took long.'$$,
  'a slow step is logged'
);

-- A failed assertion is not among the others of plpgsql.
create or replace function planted.handler() returns boolean language plpgsql as $$
begin
  assert false, 'planted assertion';
  return false;
end;
$$;
select is(ops.run_step(pg_temp.claim()), null, 'a failed assertion ends the run, not the tick');
select is(
  ((pg_temp.topic()).last_error ->> 'message'), 'planted assertion', 'as a failure with its message'
);

select * from finish();
rollback;
