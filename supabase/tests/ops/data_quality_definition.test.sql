-- A check is registered with a query that can be planned, and registering it again replaces it.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(9);

select lives_ok(
  $$select ops.define_invariant('planted.sums', 'select 1 where false', 'Sums agree.')$$,
  'an invariant is a name, a query and what it means'
);
select results_eq(
  $$
    select kind, query, tolerance, description
    from ops.data_quality_checks
    where name = 'planted.sums'
  $$,
  $$values ('invariant', 'select 1 where false', 0::bigint, 'Sums agree.')$$,
  'it stands in the registry'
);

select ops.define_data_quality_check('planted.sums', 'drift', 'select 2', 'Drifts.', 3) \g /dev/null
select results_eq(
  $$
    select kind, query, tolerance, description
    from ops.data_quality_checks
    where name = 'planted.sums'
  $$,
  $$values ('drift', 'select 2', 3::bigint, 'Drifts.')$$,
  'registering the name again replaces all of it'
);

select throws_ok(
  $$select ops.define_invariant('planted.typo', 'selekt 1', 'x')$$,
  'PL050', null, 'a query with a typing error is refused'
);
select throws_ok(
  $$select ops.define_invariant('planted.gone', 'select * from ops.not_there', 'x')$$,
  'PL050', null, 'a query on a table that is not there is refused'
);
select throws_ok(
  $$select ops.define_invariant('planted.two', 'select 1; select 2', 'x')$$,
  'PL050', null, 'two statements are refused'
);
select throws_ok(
  $$select ops.define_invariant('planted', 'select 1', 'x')$$,
  '23514', null, 'a name without an owner is refused'
);
select throws_ok(
  $$select ops.define_data_quality_check('planted.kind', 'guess', 'select 1', 'x')$$,
  '23514', null, 'an unknown kind is refused'
);
select throws_ok(
  $$select ops.define_data_quality_check('planted.lax', 'invariant', 'select 1', 'x', 1)$$,
  '23514', null, 'an invariant bears no violation'
);

select * from finish();
rollback;
