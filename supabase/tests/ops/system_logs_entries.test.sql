-- An entry of the log is kept as it was sent, and what is cut says so.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(13);

select ops.log('info', 'planted', 'Something was done.', '{"rows": 3}') \g /dev/null
select results_eq(
  $$select level, message, details from ops.system_logs where source = 'planted'$$,
  $$values ('info', 'Something was done.', '{"rows": 3}'::jsonb)$$,
  'an entry keeps its level, message and details'
);
select is(
  (select transaction_id from ops.system_logs where source = 'planted'), pg_current_xact_id(),
  'an entry names the transaction that wrote it'
);
select cmp_ok(
  (select logged_at from ops.system_logs where source = 'planted'), '>', now(),
  'the time is that of the entry, not of the transaction''s start'
);

select ops.log(level, 'levels', 'x') from unnest(array['debug', 'warning', 'error']) as level
\g /dev/null
select is(
  (select details from ops.system_logs where source = 'levels' and level = 'error'), '{}',
  'an entry without details has an empty object'
);

select throws_ok(
  $$select ops.log('fatal', 'planted', 'x')$$,
  'PL030', 'fatal is not a level of the log.', 'an unknown level is refused by name'
);
select throws_ok(
  $$select ops.log(null, 'planted', 'x')$$, 'PL030', null, 'no level is refused'
);
select throws_ok(
  $$select ops.log('info', '', 'x')$$, 'PL031', null, 'an entry names its source'
);

select ops.log('error', 'nothing', null, null) \g /dev/null
select results_eq(
  $$select message, details from ops.system_logs where source = 'nothing'$$,
  $$values ('(no message)', '{}'::jsonb)$$,
  'an error without a message, which is no reason to lose the entry, is kept'
);
select ops.log('info', 'list', 'x', '[1, 2]') \g /dev/null
select is(
  (select details from ops.system_logs where source = 'list'), '{"value": [1, 2]}',
  'details that are no object are kept inside one'
);

select ops.set_setting('ops.log_message_limit', '100') \g /dev/null
select ops.set_setting('ops.log_details_limit', '100') \g /dev/null
select ops.log('info', 'long', repeat('a', 101), jsonb_build_object('b', repeat('c', 500)))
\g /dev/null
select is(
  (select message from ops.system_logs where source = 'long'),
  repeat('a', 100) || '… (cut from 101 characters)',
  'a message past the limit is cut and says so'
);
select is(
  (select details from ops.system_logs where source = 'long'),
  jsonb_build_object(
    'cut', true, 'characters', 509, 'beginning', '{"b": "' || repeat('c', 93)
  ),
  'details past the limit are cut and say so'
);

-- Whatever may stand in the way of the insert: here, a rule that no row keeps.
alter table ops.system_logs add constraint system_logs_planted_check check (false) not valid;
set local client_min_messages = error;
select lives_ok(
  $$select ops.log('info', 'unstored', 'x')$$,
  'a log that can not be written does not undo the work that it reports'
);
select is_empty(
  $$select from ops.system_logs where source = 'unstored'$$,
  'the entry of that test was indeed not stored'
);

select * from finish();
rollback;
