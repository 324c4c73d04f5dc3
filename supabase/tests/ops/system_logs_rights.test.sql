-- Threat: a client fills, reads or rewrites the log. Only the service key adds to it and reads it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir ../private/people.psql

select plan(9);

select pg_temp.act_as('service_role');
select lives_ok(
  $$select ops.log('error', 'planted', 'x', '{"a": 1}')$$, 'the service key adds an entry'
);
select isnt_empty(
  $$select id, logged_at, level, source, message, details from ops.system_logs$$,
  'the service key reads the log'
);
select throws_ok(
  $$insert into ops.system_logs (level, source, message, logged_at)
    values ('info', 'planted', 'x', '2020-01-01')$$,
  '42501', null, 'the service key can not set the time of an entry'
);
select throws_ok(
  $$update ops.system_logs set message = 'y' where source = 'planted'$$,
  '42501', null, 'the service key can not rewrite an entry'
);
select throws_ok(
  $$delete from ops.system_logs where source = 'planted'$$,
  '42501', null, 'the service key can not remove an entry'
);

select pg_temp.act_as('super_admin');
select throws_ok(
  $$select ops.log('info', 'planted', 'x')$$,
  '42501', null, 'a user adds no entry, whatever their role'
);
select throws_ok(
  'select * from ops.system_logs', '42501', null, 'a user does not read the log'
);
select pg_temp.act_as('anon');
select throws_ok(
  $$select ops.log('info', 'planted', 'x')$$, '42501', null, 'anon adds no entry'
);
select throws_ok('select * from ops.system_logs', '42501', null, 'anon does not read the log');

select * from finish();
rollback;
