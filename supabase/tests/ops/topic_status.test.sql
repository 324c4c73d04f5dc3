-- The view by which a person or an alert sees how the topics are.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir ../private/people.psql

select plan(10);

create schema planted;
create function planted.handler() returns boolean language sql as 'select false';
select ops.define_topic('planted', 'planted.handler', '1 hour', description => 'x') \g /dev/null

create function pg_temp.state()
returns text
language sql
as $$ select state from ops.topic_status where name = 'planted' $$;

select is(pg_temp.state(), 'ok', 'a topic whose run lies ahead is ok');
select is(
  (select lateness from ops.topic_status where name = 'planted'), interval '0', 'and not late'
);

update ops.topics set due_at = now() - interval '599 seconds' where name = 'planted';
select is(pg_temp.state(), 'ok', 'a few minutes late is ok');
update ops.topics set due_at = now() - interval '601 seconds' where name = 'planted';
select is(pg_temp.state(), 'overdue', 'ten minutes late is overdue');
select is(
  (select lateness from ops.topic_status where name = 'planted'), interval '601 seconds',
  'its lateness is counted from the run that is owed'
);

update ops.topics set due_at = now(), attempt_at = '2000-01-01' where name = 'planted';
select ops.claim_topic(now() + interval '1 minute') as lease \gset
select is(pg_temp.state(), 'running', 'a topic with a holder is running');
select ops.finish_topic(:'lease', 'failed', '{"sqlstate": "XX000", "message": "x"}') \g /dev/null
select is(pg_temp.state(), 'failing', 'a topic whose last run failed is failing');
select ops.set_topic_enabled('planted', false) \g /dev/null
select is(pg_temp.state(), 'disabled', 'a topic that is off is disabled');
select is(
  (select lateness from ops.topic_status where name = 'planted'), null, 'and never late'
);

select is_empty(
  $$select name from ops.topics where name not in (select name from ops.topic_status)$$,
  'every topic is in the view'
);

select * from finish();
rollback;
