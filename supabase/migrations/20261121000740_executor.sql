-- The executor: topics, which are due on a grid of time, and ops.tick(), which pg_cron calls each
-- minute to run them in short transactions. Who runs a topic is a lease in its row and no session
-- lock, because poolers lose those and a lease also ends when its holder hangs.

create table ops.topics (
  name text primary key,
  handler text not null,
  description text not null,
  every interval not null,
  anchor timestamptz not null,
  budget interval not null,
  is_enabled boolean not null default true,
  due_at timestamptz not null,
  attempt_at timestamptz not null,
  lease_token uuid,
  lease_until timestamptz,
  lease_pid int,
  lease_backend_start timestamptz,
  run_until timestamptz,
  run_steps int not null default 0,
  run_longest_step interval not null default '0',
  last_started_at timestamptz,
  last_finished_at timestamptz,
  last_outcome text,
  last_error jsonb,
  consecutive_failures int not null default 0,
  runs bigint not null default 0,
  failures bigint not null default 0,
  constraint topics_name_check check (name ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'),
  constraint topics_handler_check check (handler ~ '^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$'),
  -- months and years have no grid
  constraint topics_every_check check (
    every >= interval '1 minute' and date_part('month', every) = 0 and date_part('year', every) = 0
  ),
  constraint topics_budget_check check (
    budget > interval '0' and budget <= interval '1 minute'
  ),
  constraint topics_lease_check check (
    num_nonnulls(lease_token, lease_until, lease_pid, lease_backend_start) in (0, 4)
  ),
  constraint topics_last_outcome_check check (
    last_outcome in ('done', 'more', 'busy', 'failed', 'lost')
  )
);

comment on table ops.topics is
  'What ops.tick() runs: one row a topic, with its plan, its lease and how its last run ended.';
comment on column ops.topics.handler is
  'Qualified name of a function without arguments that does one short step and returns whether '
  'more work waits, or a number: how much it did, and nothing waits. It may run twice at once, and '
  'again after a failure.';
comment on column ops.topics.every is 'Distance of two runs; a minute at least.';
comment on column ops.topics.anchor is 'A time of the grid: runs are due whole multiples of every '
  'before and after it.';
comment on column ops.topics.budget is
  'How long a run goes on calling the handler while more work waits.';
comment on column ops.topics.due_at is
  'Time of the run that is owed. It moves on only when a run succeeds, so lateness counts from it.';
comment on column ops.topics.attempt_at is
  'When the next run is tried: due_at, or later after a failure.';
comment on column ops.topics.lease_token is
  'Proof of the holder; null while nobody runs the topic.';
comment on column ops.topics.lease_until is
  'After this the holder is cancelled and the topic is free again; null without a holder.';
comment on column ops.topics.lease_pid is 'Backend of the holder; null without one.';
comment on column ops.topics.lease_backend_start is
  'Start of that backend, because the system gives a pid again; null without a holder.';
comment on column ops.topics.run_until is
  'When the budget of the latest run ends; null before the first run.';
comment on column ops.topics.run_steps is 'Calls of the handler in the latest run.';
comment on column ops.topics.run_longest_step is 'Longest call of the handler in the latest run.';
comment on column ops.topics.last_started_at is 'Start of the latest run; null before the first.';
comment on column ops.topics.last_finished_at is 'End of the latest run that ended; null before.';
comment on column ops.topics.last_outcome is
  'done; more (the budget ended first); busy (its locks were taken until the budget ended); '
  'failed; lost (the lease ended first); null before the first run.';
comment on column ops.topics.last_error is
  'Latest error, also after later successes: {at, sqlstate, message, detail, hint, context}; null '
  'when there never was one.';
comment on column ops.topics.consecutive_failures is 'Runs failed or lost since the last success.';
comment on column ops.topics.runs is 'Runs that ended, in all.';
comment on column ops.topics.failures is 'Runs that failed or were lost, in all.';

create function ops.next_run(
  every interval,
  anchor timestamptz,
  as_of timestamptz default clock_timestamp()
)
returns timestamptz
language sql
volatile
parallel safe
security invoker
set search_path = ''
as $$
  select date_bin(next_run.every, next_run.as_of, next_run.anchor) + next_run.every;
$$;

comment on function ops.next_run(interval, timestamptz, timestamptz) is
  'The first time of a grid after as_of. Parameters: distance and one time of the grid; the '
  'present. Raises 0A000 for a distance with months.';

create function ops.define_topic(
  name text,
  handler text,
  every interval,
  budget interval default '5 seconds',
  anchor timestamptz default '2000-01-01 00:00+00',
  description text default null
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  handler_oid oid;
begin
  select pg_proc.oid into handler_oid
  from pg_catalog.pg_proc
  join pg_catalog.pg_namespace on pg_namespace.oid = pg_proc.pronamespace
  where format('%s.%s', pg_namespace.nspname, pg_proc.proname) = define_topic.handler
    and pg_proc.prokind = 'f'
    and pg_proc.pronargs = 0
    and pg_proc.prorettype in ('boolean'::regtype, 'int'::regtype, 'bigint'::regtype)
    and not pg_proc.proretset;
  if handler_oid is null then
    perform private.fail('PL032', coalesce(define_topic.handler, 'null'));
  end if;

  insert into ops.topics (name, handler, description, every, anchor, budget, due_at, attempt_at)
  select
    define_topic.name, define_topic.handler,
    coalesce(define_topic.description, obj_description(handler_oid, 'pg_proc')),
    define_topic.every, define_topic.anchor, define_topic.budget, next_run, next_run
  from ops.next_run(define_topic.every, define_topic.anchor) as next_run
  on conflict on constraint topics_pkey do update
  set
    handler = excluded.handler,
    description = excluded.description,
    every = excluded.every,
    anchor = excluded.anchor,
    budget = excluded.budget,
    due_at = case
      when (topics.every, topics.anchor) = (excluded.every, excluded.anchor) then topics.due_at
      else excluded.due_at
    end,
    attempt_at = case
      when (topics.every, topics.anchor) = (excluded.every, excluded.anchor) then topics.attempt_at
      else excluded.attempt_at
    end;
end;
$$;

comment on function ops.define_topic(text, text, interval, interval, timestamptz, text) is
  'Registers a topic of the executor, or changes its plan; whether it is enabled and what it met '
  'stays. Parameters: name in kebab-case; qualified name of the handler, a function without '
  'arguments that does one short step and returns true while more work waits, or how much it did '
  'when nothing ever does; distance of two runs (a minute or more, no months); how long a run goes '
  'on; a time of the grid; what it is for, by default the comment of the handler. The first run is '
  'at the next time of the grid. Raises PL032 for a handler that is no such function, 23514 for a '
  'name, distance or budget out of range.';

create function ops.set_topic_enabled(name text, is_enabled boolean)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  update ops.topics
  set
    is_enabled = set_topic_enabled.is_enabled,
    -- what fell due while it was off is not owed
    due_at = case
      when topics.is_enabled then topics.due_at else ops.next_run(topics.every, topics.anchor)
    end,
    attempt_at = case
      when topics.is_enabled then topics.attempt_at else ops.next_run(topics.every, topics.anchor)
    end
  where topics.name = set_topic_enabled.name;
  if not found then
    perform private.fail('PL033', coalesce(set_topic_enabled.name, 'null'));
  end if;
end;
$$;

comment on function ops.set_topic_enabled(text, boolean) is
  'Switches a topic on or off. A run that is under way ends by itself. Raises PL033 when there is '
  'no such topic.';

create function ops.run_topic(name text)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  update ops.topics
  set due_at = least(topics.due_at, now()), attempt_at = least(topics.attempt_at, now())
  where topics.name = run_topic.name;
  if not found then
    perform private.fail('PL033', coalesce(run_topic.name, 'null'));
  end if;
end;
$$;

comment on function ops.run_topic(text) is
  'Makes a topic due now, also one that waits after a failure: the next tick runs it, once more '
  'when it runs already, and not at all while it is off. Raises PL033 when there is no such topic.';

create function ops.claim_topic(
  tick_ends timestamptz,
  as_of timestamptz default clock_timestamp()
)
returns uuid
language sql
volatile
security invoker
set search_path = ''
as $$
  update ops.topics
  set
    lease_token = gen_random_uuid(),
    lease_until = least(claim_topic.as_of + topics.budget, claim_topic.tick_ends)
      + ops.setting('ops.topic_grace_seconds')::int * interval '1 second',
    lease_pid = pg_backend_pid(),
    lease_backend_start = (
      select backend_start from pg_catalog.pg_stat_activity where pid = pg_backend_pid()
    ),
    run_until = least(claim_topic.as_of + topics.budget, claim_topic.tick_ends),
    run_steps = 0,
    run_longest_step = '0',
    last_started_at = claim_topic.as_of,
    -- already here, so that ops.run_topic() during the run asks for one more
    attempt_at = ops.next_run(topics.every, topics.anchor, claim_topic.as_of)
  where topics.name = (
    -- longest waiting first: a topic that uses its budget goes behind the others
    select waiting.name
    from ops.topics as waiting
    where waiting.is_enabled
      and waiting.lease_token is null
      and waiting.attempt_at <= claim_topic.as_of
      and claim_topic.as_of < claim_topic.tick_ends
    order by waiting.attempt_at, waiting.name
    limit 1
    for no key update skip locked
  )
  returning topics.lease_token;
$$;

comment on function ops.claim_topic(timestamptz, timestamptz) is
  'Takes the lease of the topic that has waited longest. Parameters: end of the tick, which no run '
  'passes; the present. Returns the token of the lease; null when nothing is due or the tick is '
  'over.';

create function ops.finish_topic(
  lease uuid,
  outcome text,
  error jsonb default null,
  as_of timestamptz default clock_timestamp()
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  backoff constant int := ops.setting('ops.topic_backoff_seconds')::int;
  longest_backoff constant int := ops.setting('ops.topic_backoff_maximum_seconds')::int;
  slow_step constant interval :=
    ops.setting('ops.topic_slow_step_ms')::int * interval '1 millisecond';
  has_failed constant boolean := finish_topic.outcome in ('failed', 'lost');
  topic ops.topics;
  next_attempt_at timestamptz;
  report jsonb;
begin
  select topics.* into topic
  from ops.topics
  where topics.lease_token = finish_topic.lease
  for no key update;
  if topic.name is null then
    perform private.fail('PL034');
  end if;

  next_attempt_at := case
    when has_failed then as_of
      + least(backoff * 2.0 ^ least(topic.consecutive_failures, 30), longest_backoff)
      * interval '1 second'
    when outcome = 'busy' then least(topic.attempt_at, as_of + backoff * interval '1 second')
    when outcome = 'more' then as_of
    else topic.attempt_at
  end;
  update ops.topics
  set
    lease_token = null,
    lease_until = null,
    lease_pid = null,
    lease_backend_start = null,
    last_finished_at = as_of,
    last_outcome = finish_topic.outcome,
    last_error = coalesce(error || jsonb_build_object('at', as_of), topics.last_error),
    consecutive_failures = case
      when has_failed then topics.consecutive_failures + 1
      when outcome = 'busy' then topics.consecutive_failures
      else 0
    end,
    runs = topics.runs + 1,
    failures = topics.failures + has_failed::int,
    attempt_at = next_attempt_at,
    due_at = case when outcome in ('done', 'more') then next_attempt_at else topics.due_at end
  where topics.name = topic.name;

  -- A run that found nothing to do leaves no entry: a thousand of them a day would hide the rest.
  report := jsonb_build_object(
    'topic', topic.name,
    'outcome', outcome,
    'steps', topic.run_steps,
    'milliseconds', round(extract(epoch from as_of - topic.last_started_at) * 1000),
    'longest_step_milliseconds', round(extract(epoch from topic.run_longest_step) * 1000)
  );
  if has_failed then
    perform ops.log('error', topic.name, error ->> 'message', report || error || jsonb_build_object(
      'consecutive_failures', topic.consecutive_failures + 1, 'next_attempt_at', next_attempt_at
    ));
  elsif outcome = 'busy' then
    perform ops.log('warning', topic.name, 'Its locks were taken until its budget ended.',
      report || error);
  elsif topic.consecutive_failures > 0 then
    perform ops.log('info', topic.name,
      format('It works again after %s failed runs.', topic.consecutive_failures), report);
  elsif topic.run_longest_step > slow_step then
    perform ops.log('warning', topic.name, 'A step took long.', report);
  elsif topic.run_steps > 1 then
    perform ops.log('info', topic.name, format('It worked in %s steps.', topic.run_steps), report);
  end if;
end;
$$;

comment on function ops.finish_topic(uuid, text, jsonb, timestamptz) is
  'Ends a run: gives the lease back, plans the next run and logs what is worth it. Parameters: the '
  'lease; done, more, busy, failed or lost; {sqlstate, message, …} of the last three; the present. '
  'After a failure the next run waits, twice as long each time up to '
  'ops.topic_backoff_maximum_seconds. Raises PL034 when the lease is over.';

create function ops.run_step(lease uuid)
returns double precision
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  topic ops.topics;
  started_at constant timestamptz := clock_timestamp();
  outcome text;
  error jsonb;
  pause double precision := 0;
  answer text;
  error_state text;
  error_message text;
  error_detail text;
  error_hint text;
  error_context text;
begin
  select topics.* into topic from ops.topics where topics.lease_token = run_step.lease;
  if topic.name is null then
    perform private.fail('PL034');
  end if;

  begin
    -- who queues behind a lock makes others queue behind it
    perform set_config('lock_timeout', ops.setting('ops.topic_lock_timeout_ms') #>> '{}', true);
    execute format('select %I.%I()::text',
      split_part(topic.handler, '.', 1), split_part(topic.handler, '.', 2)) into answer;
    -- what is deferred would fail in the commit, where nothing can catch it
    set constraints all immediate;
    outcome := case answer when 'true' then 'more' else 'done' end;
  exception
    -- Also a cancellation: by the watchdog it means this topic, and whoever else cancels finds the
    -- tick at its end soon, because no run begins past the budget of the tick.
    when query_canceled or others then
      get stacked diagnostics
        error_state = returned_sqlstate,
        error_message = message_text,
        error_detail = pg_exception_detail,
        error_hint = pg_exception_hint,
        error_context = pg_exception_context;
      error := jsonb_strip_nulls(jsonb_build_object(
        'sqlstate', error_state,
        'message', error_message,
        'detail', nullif(error_detail, ''),
        'hint', nullif(error_hint, ''),
        'context', error_context
      ));
      outcome := case error_state when '55P03' then 'busy' else 'failed' end;
  end;

  update ops.topics
  set
    run_steps = topics.run_steps + 1,
    run_longest_step = greatest(topics.run_longest_step, clock_timestamp() - started_at)
  where topics.lease_token = run_step.lease;
  -- undoes the step: the topic has another holder by now
  if not found then
    perform private.fail('PL034');
  end if;

  if outcome = 'busy' then
    -- drawn, so that two who met do not meet again
    pause := random() * ops.setting('ops.topic_busy_pause_ms')::int / 1000.0;
  end if;
  if outcome in ('more', 'busy')
    and clock_timestamp() + pause * interval '1 second' < topic.run_until
  then
    return pause;
  end if;
  perform ops.finish_topic(run_step.lease, outcome, error);
  return null;
end;
$$;

comment on function ops.run_step(uuid) is
  'Calls the handler of a leased topic once. An error undoes what the handler did and nothing '
  'else: lock_not_available makes it busy, to be tried again within the budget, any other ends the '
  'run as failed. Parameter: the lease. Returns the seconds to wait before the next step; null '
  'when the run has ended. Raises PL034, which undoes the step, when the lease is over.';

create function ops.recover_leases(as_of timestamptz default clock_timestamp())
returns table (topic text, action text)
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  grace constant interval := ops.setting('ops.topic_grace_seconds')::int * interval '1 second';
  overdue ops.topics;
begin
  for overdue in
    select topics.*
    from ops.topics
    where topics.lease_until < recover_leases.as_of
    order by topics.name
    for no key update skip locked
  loop
    topic := overdue.name;
    action := 'lost';
    -- the same backend, still in the statement that took the lease, so that nobody else is hit
    perform 1
    from pg_catalog.pg_stat_activity
    where pid = overdue.lease_pid
      and backend_start = overdue.lease_backend_start
      and state = 'active'
      and query_start <= overdue.last_started_at;
    if found then
      begin
        if overdue.lease_until + grace >= as_of then
          action := 'cancelled';
          perform pg_cancel_backend(overdue.lease_pid);
        else
          action := 'terminated';
          perform pg_terminate_backend(overdue.lease_pid);
        end if;
      exception
        -- the holder runs with more rights than we have; its lease ends all the same
        when insufficient_privilege then
          action := 'lost';
      end;
    end if;

    if action = 'cancelled' then
      -- its own tick records the failure
      perform ops.log('warning', overdue.name, 'It outran its lease and was cancelled.',
        jsonb_build_object('pid', overdue.lease_pid, 'lease_until', overdue.lease_until));
    else
      perform ops.finish_topic(overdue.lease_token, 'lost', jsonb_build_object(
        'message', format('The lease ended before the run did; its backend %s is %s.',
          overdue.lease_pid, case action when 'lost' then 'gone' else action end)
      ), as_of);
    end if;
    return next;
  end loop;
end;
$$;

comment on function ops.recover_leases(timestamptz) is
  'Watchdog: frees topics whose holder died, cancels a holder that outran its lease, and ends its '
  'backend when that did not help within ops.topic_grace_seconds. Parameter: the present. Returns '
  'what it did: the topic, and cancelled, terminated or lost.';

create function ops.tick_ends()
returns timestamptz
language sql
volatile
security invoker
set search_path = ''
as $$
  select clock_timestamp() + ops.setting('ops.tick_seconds')::int * interval '1 second';
$$;

comment on function ops.tick_ends() is 'When a tick that begins now takes no more topics.';

-- A procedure that commits carries no SET clause and is no definer: both make COMMIT fail. So this
-- body holds nothing that a hostile search_path could turn: no operator, no cast, no type and no
-- function without its schema. Whatever needs them is in functions that pin their path.
create procedure ops.tick()
language plpgsql
security invoker
as $$
declare
  tick_ends constant timestamp with time zone := ops.tick_ends();
  lease pg_catalog.uuid;
  pause double precision;
begin
  perform ops.recover_leases();
  commit;
  loop
    lease := ops.claim_topic(tick_ends);
    commit;
    exit when lease is null;
    loop
      pause := ops.run_step(lease);
      commit;
      exit when pause is null;
      perform pg_catalog.pg_sleep(pause);
    end loop;
  end loop;
end;
$$;

comment on procedure ops.tick() is
  'Runs the topics that are due, one after the other, longest waiting first, for at most '
  'ops.tick_seconds and the step that is under way then. Each step of a topic is a transaction of '
  'its own, and a topic that fails stops no other. Two ticks at once share the topics. Called by '
  'pg_cron each minute, outside a transaction.';

create function ops.purge_job_run_details()
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  batch constant int := ops.setting('ops.cron_history_batch')::int;
  kept_from constant timestamptz :=
    now() - ops.setting('ops.cron_history_days')::int * interval '1 day';
  deleted int;
begin
  if to_regclass('cron.job_run_details') is null then
    return false;
  end if;
  -- Ids ascend with time and are the only index. A run that never began has no time, and goes with
  -- those around it.
  delete from cron.job_run_details
  where job_run_details.runid in (
    select expired.runid
    from cron.job_run_details as expired
    where expired.runid < (
      select min(kept.runid) from cron.job_run_details as kept where kept.start_time >= kept_from
    )
    order by expired.runid
    limit batch
    for update skip locked
  );
  get diagnostics deleted = row_count;
  return deleted = batch;
end;
$$;

comment on function ops.purge_job_run_details() is
  'Handler: deletes a batch of pg_cron''s records of runs, which pg_cron itself keeps for ever, '
  'once they are older than ops.cron_history_days. Returns true while more of them may be left.';

select private.define_error('PL032', 400,
  '%s is not a function without arguments that returns boolean or a number.',
  'Name the handler of a topic with its schema, in lower case: ops.upkeep_partitions.');
select private.define_error('PL033', 400, 'There is no topic %s.',
  'Read ops.topic_status for the topics that exist.');
select private.define_error('PL034', 400, 'The lease of the topic is over.',
  'Nothing is to be done: the watchdog has freed the topic, and another tick runs it.');

select ops.define_setting('ops.tick_seconds', '45',
  'How long a tick takes topics on, in seconds; below a minute, because pg_cron begins the next '
  'tick only when this one has ended.', 1, 58);
select ops.define_setting('ops.topic_grace_seconds', '30',
  'How long a step may go on after the budget of its topic, in seconds. Then its lease ends and it '
  'is cancelled; after as long again its backend is ended.', 1, 600);
select ops.define_setting('ops.topic_backoff_seconds', '60',
  'Wait after the first failure of a topic, in seconds; it doubles with each further one.',
  1, 3600);
select ops.define_setting('ops.topic_backoff_maximum_seconds', '3600',
  'Longest wait after failures of a topic, in seconds.', 1, 86400);
select ops.define_setting('ops.topic_lock_timeout_ms', '1000',
  'How long a step waits for a lock before it counts as busy, in milliseconds, unless its handler '
  'sets another lock_timeout.', 1, 60000);
select ops.define_setting('ops.topic_busy_pause_ms', '500',
  'Longest wait of a busy topic before it tries again, in milliseconds.', 1, 10000);
select ops.define_setting('ops.topic_slow_step_ms', '1000',
  'A step that takes longer, in milliseconds, is logged as a warning.', 1, 600000);
select ops.define_setting('ops.topic_overdue_seconds', '600',
  'A topic that is later than this, in seconds, is overdue in ops.topic_status.', 60, 86400);
select ops.define_setting('ops.cron_history_days', '7',
  'Days for which the records of pg_cron''s runs are kept.', 1, 365);
select ops.define_setting('ops.cron_history_batch', '5000',
  'Records of pg_cron''s runs that one step deletes.', 1, 100000);

create view ops.topic_status
with (security_invoker = true)
as
select
  topics.name,
  case
    when not topics.is_enabled then 'disabled'
    when topics.consecutive_failures > 0 then 'failing'
    when now() - topics.due_at > ops.setting('ops.topic_overdue_seconds')::int * interval '1 second'
      then 'overdue'
    when topics.lease_token is not null then 'running'
    else 'ok'
  end as state,
  case when topics.is_enabled then greatest(now() - topics.due_at, interval '0') end as lateness,
  topics.due_at,
  topics.attempt_at,
  topics.last_started_at,
  topics.last_finished_at,
  topics.last_outcome,
  topics.consecutive_failures,
  topics.last_error,
  topics.runs,
  topics.failures,
  topics.description
from ops.topics;

comment on view ops.topic_status is
  'How each topic of the executor is. failing and overdue want a person; when all are overdue, '
  'nothing calls ops.tick().';
comment on column ops.topic_status.state is
  'disabled, failing (its last run failed or was lost), overdue (later than '
  'ops.topic_overdue_seconds), running or ok; the first that is true.';
comment on column ops.topic_status.lateness is
  'How long the run that is owed has been owed; zero when it lies ahead, null when it is disabled.';

select ops.define_topic('maintain-partitions', 'ops.upkeep_partitions', '5 minutes', '10 seconds');
select ops.define_topic('drain-partitions', 'ops.drain_partitions', '1 minute', '10 seconds');
select ops.define_topic('purge-job-run-details', 'ops.purge_job_run_details', '1 day',
  anchor => '2000-01-01 03:40+00');

-- The watchdog is a job of its own: a tick that hangs keeps pg_cron from starting another tick.
do $$
begin
  if to_regprocedure('cron.schedule(text,text,text)') is null then
    raise warning 'pg_cron is not here: let something call ops.tick() and ops.recover_leases() '
      'each minute, each on a connection of its own';
    return;
  end if;
  perform cron.schedule('ops-tick', '* * * * *', 'call ops.tick()');
  perform cron.schedule('ops-watchdog', '* * * * *', 'select ops.recover_leases()');
end;
$$;

alter table ops.topics enable row level security;

grant select, update (is_enabled, due_at, attempt_at) on ops.topics to service_role;
grant select on ops.topic_status to service_role;
grant execute on function ops.set_topic_enabled(text, boolean), ops.run_topic(text),
  ops.next_run(interval, timestamptz, timestamptz)
  to service_role;
