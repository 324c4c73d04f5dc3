-- Threat: a client runs or stops a job. The service key switches topics; it changes no plan.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir ../private/people.psql

select plan(13);

create schema planted;
create function planted.handler() returns boolean language sql as 'select false';
select ops.define_topic('planted', 'planted.handler', '1 hour', description => 'x') \g /dev/null

select pg_temp.act_as('service_role');
select isnt_empty('select * from ops.topic_status', 'the service key reads how the topics are');
select lives_ok($$select ops.run_topic('planted')$$, 'the service key makes a topic due');
select lives_ok(
  $$select ops.set_topic_enabled('planted', false)$$, 'the service key switches a topic off'
);
select lives_ok($$select ops.set_topic_enabled('planted', true)$$, 'and on');
select throws_ok(
  $$update ops.topics set handler = 'ops.other' where name = 'planted'$$,
  '42501', null, 'the service key can not give a topic another handler'
);
select throws_ok(
  $$select ops.define_topic('other', 'planted.handler', '1 hour')$$,
  '42501', null, 'the service key defines no topic'
);
select throws_ok('call ops.tick()', '42501', null, 'the service key calls no tick');
select throws_ok(
  'select ops.claim_topic(now())', '42501', null, 'the service key takes no lease'
);
select throws_ok(
  'select ops.recover_leases()', '42501', null, 'the service key ends no backend'
);

select pg_temp.act_as('super_admin');
select throws_ok(
  'select * from ops.topic_status', '42501', null, 'a user sees no topic, whatever their role'
);
select throws_ok(
  $$select ops.run_topic('planted')$$, '42501', null, 'a user runs no topic, whatever their role'
);
select pg_temp.act_as('anon');
select throws_ok('select * from ops.topics', '42501', null, 'anon sees no topic');
select throws_ok($$select ops.run_topic('planted')$$, '42501', null, 'anon runs no topic');

select * from finish();
rollback;
