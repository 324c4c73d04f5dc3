-- When a topic runs next: on its grid, at once when more waits, later and later when it fails.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(22);

create schema planted;
create function planted.handler() returns boolean language sql as 'select false';
update ops.topics set is_enabled = false where true;
select ops.define_topic('first', 'planted.handler', '1 hour', description => 'x') \g /dev/null
select ops.define_topic('second', 'planted.handler', '1 hour', description => 'x') \g /dev/null

-- The present of this test is half past noon of a day that has passed.
create function pg_temp.at(minute numeric)
returns timestamptz
language sql
as $$ select timestamptz '2026-03-01 12:30+00' + minute * interval '1 minute' $$;

create function pg_temp.run(as_of timestamptz, outcome text)
returns text
language plpgsql
as $$
declare
  lease uuid := ops.claim_topic(as_of + interval '1 minute', as_of);
  topic_name text := (select name from ops.topics where lease_token = lease);
begin
  perform ops.finish_topic(lease, outcome, case when outcome in ('failed', 'lost', 'busy') then
    '{"sqlstate": "XX000", "message": "x"}'::jsonb end, as_of);
  return topic_name;
end;
$$;

create function pg_temp.next_attempt(topic text)
returns timestamptz
language sql
as $$ select attempt_at from ops.topics where name = topic $$;

select is(
  ops.next_run('1 hour', '2000-01-01 00:05+00', '2026-03-01 12:30+00'),
  '2026-03-01 13:05+00'::timestamptz, 'the next run is the next time of the grid'
);
select is(
  ops.next_run('1 hour', '2000-01-01 00:05+00', '2026-03-01 13:05+00'),
  '2026-03-01 14:05+00'::timestamptz, 'and not the present itself'
);
select is(
  ops.next_run('1 day', '2030-01-01 03:00+00', '2026-03-01 12:30+00'),
  '2026-03-02 03:00+00'::timestamptz, 'a grid goes back before its anchor'
);

update ops.topics set due_at = pg_temp.at(0), attempt_at = pg_temp.at(-1) where name = 'first';
update ops.topics set due_at = pg_temp.at(0), attempt_at = pg_temp.at(-2) where name = 'second';
select is(
  ops.claim_topic(pg_temp.at(1), pg_temp.at(-3)), null, 'nothing is claimed before it is due'
);
select is(
  ops.claim_topic(pg_temp.at(0), pg_temp.at(0)), null, 'nothing is claimed when the tick is over'
);
select is(
  pg_temp.run(pg_temp.at(0), 'more'), 'second', 'the topic that has waited longest goes first'
);
select is(
  pg_temp.run(pg_temp.at(0.1), 'done'), 'first',
  'a topic with more to do goes behind one that has waited longer'
);
select is(pg_temp.next_attempt('first'), pg_temp.at(30), 'after a success the grid goes on');
select is(pg_temp.run(pg_temp.at(0.2), 'done'), 'second', 'what has more to do is due at once');

-- How long the topic waits after a run at a given minute that ends so.
create function pg_temp.wait_after(outcome text)
returns interval
language plpgsql
as $$
begin
  update ops.topics set attempt_at = pg_temp.at(100) where name = 'first';
  perform pg_temp.run(pg_temp.at(100), outcome);
  return pg_temp.next_attempt('first') - pg_temp.at(100);
end;
$$;

select ops.set_topic_enabled('second', false) \g /dev/null
select is(
  array(select pg_temp.wait_after('failed') from generate_series(1, 8)),
  array['1 minute', '2 minutes', '4 minutes', '8 minutes', '16 minutes', '32 minutes', '1 hour',
    '1 hour']::interval[],
  'the wait doubles with each failure, up to an hour'
);
select is(
  (select due_at from ops.topics where name = 'first'), pg_temp.at(30),
  'what was owed before the failures is still owed'
);
select is(pg_temp.wait_after('lost'), interval '1 hour', 'a lost run counts as a failure');
select is(
  pg_temp.wait_after('busy'), interval '1 minute', 'a busy topic is tried again a minute later'
);
select is(
  (select consecutive_failures from ops.topics where name = 'first'), 9,
  'being busy is neither a failure nor a success'
);
select is(
  pg_temp.wait_after('done'), interval '50 minutes', 'a success brings it back to its grid'
);
select is(pg_temp.wait_after('failed'), interval '1 minute', 'and the waits begin anew');

-- ops.run_topic(), while the topic waits and while it runs
select ops.define_topic('third', 'planted.handler', '1 hour', description => 'x') \g /dev/null
select ops.set_topic_enabled('first', false) \g /dev/null
select ops.run_topic('third') \g /dev/null
select ops.claim_topic(now() + interval '1 minute') as lease \gset
select isnt(:'lease'::uuid, null, 'run_topic makes a topic due now');
select ops.run_topic('third') \g /dev/null
select ops.finish_topic(:'lease', 'done') \g /dev/null
select is(
  (select (due_at, attempt_at) from ops.topics where name = 'third'), (now(), now()),
  'asked for again during its run, it runs once more'
);

select ops.set_topic_enabled('third', false) \g /dev/null
select is(
  ops.claim_topic(now() + interval '1 minute'), null, 'a topic that is off is not claimed'
);
update ops.topics
set due_at = now() - interval '1 day', attempt_at = now() - interval '1 day'
where name = 'third';
select ops.set_topic_enabled('third', true) \g /dev/null
select cmp_ok(
  (select least(due_at, attempt_at) from ops.topics where name = 'third'), '>', now(),
  'switched on, it owes nothing of the time while it was off'
);
select throws_ok(
  $$select ops.run_topic('none')$$,
  'PL033', 'There is no topic none.', 'an unknown topic is refused by name'
);
select throws_ok(
  $$select ops.set_topic_enabled('none', true)$$,
  'PL033', 'There is no topic none.', 'by the switch, too'
);

select * from finish();
rollback;
