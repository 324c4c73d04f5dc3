-- Threat: a client lifts a cap. Only the service key turns a setting, and only its value.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir ../private/people.psql

select plan(15);

select ops.define_setting('planted.limit', '10', 'A limit.', 1, 100) \g /dev/null

select pg_temp.act_as('service_role');
select is(ops.setting('planted.limit'), '10', 'the service key reads a setting');
select is(ops.set_setting('planted.limit', '20'), '10', 'the service key turns a setting');
select isnt_empty(
  $$select key, value from ops.settings where key = 'planted.limit'$$,
  'the service key reads the table'
);
select isnt_empty(
  $$update ops.settings set value = '30' where key = 'planted.limit' returning value$$,
  'the service key may write a value in the table'
);
select throws_ok(
  $$update ops.settings set value = '101' where key = 'planted.limit'$$,
  '23514', null, 'but not one outside the range'
);
select throws_ok(
  $$update ops.settings set maximum = 1000 where key = 'planted.limit'$$,
  '42501', null, 'the service key can not widen the range'
);
select throws_ok(
  $$update ops.settings set default_value = '11' where key = 'planted.limit'$$,
  '42501', null, 'the service key can not change a default'
);
select throws_ok(
  $$update ops.settings set updated_at = '2020-01-01' where key = 'planted.limit'$$,
  '42501', null, 'the service key can not hide when a value was turned'
);
select throws_ok(
  $$delete from ops.settings where key = 'planted.limit'$$,
  '42501', null, 'the service key can not remove a setting'
);
select throws_ok(
  $$select ops.define_setting('planted.other', '1', 'x')$$,
  '42501', null, 'the service key can not add a setting'
);

select pg_temp.act_as('super_admin');
select throws_ok(
  $$select ops.setting('planted.limit')$$,
  '42501', null, 'a user reads no setting, whatever their role'
);
select throws_ok(
  $$select ops.set_setting('planted.limit', '99')$$,
  '42501', null, 'a user turns no setting, whatever their role'
);
select throws_ok(
  $$update ops.settings set value = '99' where key = 'planted.limit'$$,
  '42501', null, 'nor past the function'
);
select pg_temp.act_as('anon');
select throws_ok(
  $$select ops.setting('planted.limit')$$,
  '42501', null, 'anon reads no setting'
);

select pg_temp.act_as('operator');
select is(
  (select value from ops.settings where key = 'planted.limit'), '30'::jsonb,
  'after all attempts the value is the one that the service key set'
);

select * from finish();
rollback;
