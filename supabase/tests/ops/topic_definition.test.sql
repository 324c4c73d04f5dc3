-- A migration says what a topic is; what an operator set and what it met stays.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(16);

create schema planted;
create function planted.handler() returns boolean language sql as 'select false';
comment on function planted.handler() is 'Does nothing.';
create function planted.other() returns boolean language sql as 'select false';
create function planted.no_boolean() returns int language sql as 'select 1';
create function planted.several() returns setof boolean language sql as 'select true';
create function planted.asks(a int) returns boolean language sql as 'select true';
create procedure planted.commits() language sql as '';

select ops.define_topic('planted', 'planted.handler', '7 minutes') \g /dev/null
select results_eq(
  $$
    select handler, every, budget, anchor, description, is_enabled, runs, lease_token
    from ops.topics
    where name = 'planted'
  $$,
  $$values ('planted.handler', interval '7 minutes', interval '5 seconds',
    timestamptz '2000-01-01 00:00+00', 'Does nothing.', true, 0::bigint, null::uuid)$$,
  'a topic has the plan that it was given, and the comment of its handler as description'
);
select is(
  (select (due_at, attempt_at) from ops.topics where name = 'planted'),
  (select (next_run, next_run) from ops.next_run('7 minutes', '2000-01-01 00:00+00') as next_run),
  'its first run is at the next time of its grid'
);

select ops.run_topic('planted') \g /dev/null
select ops.set_topic_enabled('planted', false) \g /dev/null
select ops.define_topic(
  'planted', 'planted.other', '7 minutes', '9 seconds', description => 'Another.'
) \g /dev/null
select results_eq(
  $$
    select handler, budget, description, is_enabled, attempt_at
    from ops.topics
    where name = 'planted'
  $$,
  $$values ('planted.other', interval '9 seconds', 'Another.', false, now())$$,
  'a topic that is defined anew stays off and due as it was'
);
select ops.define_topic('planted', 'planted.other', '8 minutes', description => 'Another.')
\g /dev/null
select is(
  (select attempt_at from ops.topics where name = 'planted'),
  ops.next_run('8 minutes', '2000-01-01 00:00+00'),
  'another grid gives another next run'
);

create function pg_temp.refusal(handler text)
returns text
language sql
as $$
  select throws_ok(
    format('select ops.define_topic(%L, %L, %L)', 'planted', handler, '1 hour'),
    'PL032', null, format('the handler %s is refused', handler)
  );
$$;
select pg_temp.refusal('planted.none');
select pg_temp.refusal('planted.no_boolean');
select pg_temp.refusal('planted.several');
select pg_temp.refusal('planted.asks');
select pg_temp.refusal('planted.commits');
select pg_temp.refusal('handler');
select pg_temp.refusal('planted.handler(); drop schema planted; --');

select throws_ok(
  $$select ops.define_topic('Planted', 'planted.handler', '1 hour')$$,
  '23514', null, 'a name in another form than kebab-case is refused'
);
select throws_ok(
  $$select ops.define_topic('planted', 'planted.handler', '59 seconds')$$,
  '23514', null, 'a distance below that of two ticks is refused'
);
select throws_ok(
  $$select ops.define_topic('planted', 'planted.handler', '1 month')$$,
  '0A000', null, 'a distance in months, which is no grid, is refused'
);
select throws_ok(
  $$select ops.define_topic('planted', 'planted.handler', '1 hour', '2 minutes')$$,
  '23514', null, 'a budget longer than a tick is refused'
);
select throws_ok(
  $$select ops.define_topic('planted', 'planted.other', '1 hour')$$,
  '23502', null, 'a topic without a description, of a handler without a comment, is refused'
);

select * from finish();
rollback;
