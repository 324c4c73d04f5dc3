-- A setting takes values of its type and range, and says so when it refuses.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir ../private/people.psql

select plan(17);

select ops.define_setting('planted.limit', '10', 'A limit.', 1, 100) \g /dev/null
select ops.define_setting('planted.least', '10', 'A limit.', 1) \g /dev/null
select ops.define_setting('planted.flag', 'true', 'A switch.') \g /dev/null
select ops.define_setting('planted.word', '"a"', 'A word.') \g /dev/null

select is(ops.setting('planted.limit'), '10', 'a setting is read by its key');
select throws_ok(
  $$select ops.setting('planted.none')$$,
  'PL001', 'There is no setting planted.none.', 'an unknown key is refused by name when read'
);
select throws_ok(
  $$select ops.set_setting('planted.none', '1')$$,
  'PL001', 'There is no setting planted.none.', 'an unknown key is refused by name when set'
);
select throws_ok(
  'select ops.setting(null)',
  'PL001', null, 'no key is an unknown key'
);

select is(ops.set_setting('planted.limit', '50'), '10', 'setting a value returns the one before');
select is(ops.setting('planted.limit'), '50', 'the new value is in force at once');
select is(ops.set_setting('planted.limit', '1'), '50', 'the least value of the range is allowed');
select is(ops.set_setting('planted.limit', '100'), '1', 'the greatest value is allowed');
select throws_ok(
  $$select ops.set_setting('planted.limit', '0')$$,
  'PL002', 'Setting planted.limit does not take 0.', 'a value below the range is refused'
);
select throws_ok(
  $$select ops.set_setting('planted.limit', '100.5')$$,
  'PL002', 'Setting planted.limit does not take 100.5.', 'a value above the range is refused'
);
select is(
  ops.set_setting('planted.least', '1e9'), '10', 'a range without an end takes any great value'
);
select throws_ok(
  $$select ops.set_setting('planted.limit', '"50"')$$,
  'PL002', 'Setting planted.limit does not take 50.', 'a text for a number is refused'
);
select throws_ok(
  $$select ops.set_setting('planted.flag', '1')$$,
  'PL002', 'Setting planted.flag does not take 1.', 'a number for a switch is refused'
);
select throws_ok(
  $$select ops.set_setting('planted.word', '{"a": 1}')$$,
  'PL002', 'Setting planted.word does not take {"a": 1}.', 'an object for a text is refused'
);
select throws_ok(
  $$select ops.set_setting('planted.limit', null)$$,
  'PL002', 'Setting planted.limit does not take null.', 'no value is refused'
);
select throws_ok(
  $$select ops.set_setting('planted.limit', 'null')$$,
  'PL002', null, 'a JSON null is refused'
);
select is(
  ops.setting('planted.limit'), '100', 'a refused value leaves the one in force as it was'
);

select * from finish();
rollback;
