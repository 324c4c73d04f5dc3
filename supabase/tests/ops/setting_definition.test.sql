-- Migrations define settings; operators turn them. Neither undoes the other.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir ../private/people.psql

select plan(11);

select ops.define_setting('planted.limit', '10', 'A limit, in rows.', 1, 100) \g /dev/null
select results_eq(
  $$
    select value, default_value, minimum, maximum, description
    from ops.settings
    where key = 'planted.limit'
  $$,
  $$values ('10'::jsonb, '10'::jsonb, 1::numeric, 100::numeric, 'A limit, in rows.')$$,
  'a new setting has its default as value'
);

select ops.define_setting('planted.limit', '20', 'A limit.', 2, 200) \g /dev/null
select results_eq(
  $$
    select value, default_value, minimum, maximum, description
    from ops.settings
    where key = 'planted.limit'
  $$,
  $$values ('20'::jsonb, '20'::jsonb, 2::numeric, 200::numeric, 'A limit.')$$,
  'a value that nobody turned follows the new default'
);

select ops.set_setting('planted.limit', '50') \g /dev/null
select ops.define_setting('planted.limit', '30', 'A limit.', 3, 300) \g /dev/null
select results_eq(
  $$select value, default_value, minimum, maximum from ops.settings where key = 'planted.limit'$$,
  $$values ('50'::jsonb, '30'::jsonb, 3::numeric, 300::numeric)$$,
  'a value that an operator set stays when the setting is defined anew'
);

select throws_ok(
  $$select ops.define_setting('planted.other', '0', 'x', 1, 100)$$,
  '23514', null, 'a default below the range is refused'
);
select throws_ok(
  $$select ops.define_setting('planted.other', '101', 'x', 1, 100)$$,
  '23514', null, 'a default above the range is refused'
);
select throws_ok(
  $$select ops.define_setting('planted.limit', '1', 'x', 3, 300)$$,
  '23514', null, 'a default outside the range is refused when the setting is defined anew, too'
);
select throws_ok(
  $$select ops.define_setting('planted.limit', '100', 'x', 60, 300)$$,
  '23514', null, 'a range that leaves out the value in force is refused'
);
select throws_ok(
  $$select ops.define_setting('planted.limit', '"many"', 'x')$$,
  '23514', null, 'a default of another type than the value in force is refused'
);
select throws_ok(
  $$select ops.define_setting('planted', '1', 'x')$$,
  '23514', null, 'a key names its owner: one without a dot is refused'
);
select throws_ok(
  $$select ops.define_setting('Planted.Limit', '1', 'x')$$,
  '23514', null, 'a key has no capital letters'
);
select throws_ok(
  $$select ops.define_setting('planted.other', '1', null)$$,
  '23502', null, 'a setting without a description is refused'
);

select * from finish();
rollback;
