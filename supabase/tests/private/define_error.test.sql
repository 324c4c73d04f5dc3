-- The registry of error codes: what it takes and what it refuses.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(18);

select lives_ok(
  $$select private.define_error('PL099', 400, '%s is wrong.', 'Send another.')$$,
  'a code of the house is registered with status 400'
);
select lives_ok(
  $$select private.define_error('PL099', 400, '%s is not right.', 'Send a better one.')$$,
  'registering a code again is no error'
);
select results_eq(
  $$select status, message, hint from private.error_codes where code = 'PL099'$$,
  $$values (400, '%s is not right.', 'Send a better one.')$$,
  'the last text of a code holds'
);
select lives_ok(
  $$select private.define_error('PT418', 418, 'A teapot.', 'Use another pot.')$$,
  'a code PTnnn is registered with status nnn'
);
select throws_ok(
  $$select private.define_error('PL098', 404, 'x', 'y')$$,
  '23514', null, 'a code PLnnn takes no other status than 400, which is what a client would see'
);
select throws_ok(
  $$select private.define_error('PT404', 400, 'x', 'y')$$,
  '23514', null, 'a code PTnnn takes no other status than nnn'
);
select throws_ok(
  $$select private.define_error('PT200', 200, 'x', 'y')$$,
  '23514', null, 'an error has no status of success'
);
select throws_ok(
  $$select private.define_error('PT999', 999, 'x', 'y')$$,
  '23514', null, 'an error has no status that HTTP does not have'
);
select throws_ok(
  $$select private.define_error('PTABC', 400, 'x', 'y')$$,
  '23514', null, 'a code PT without a number is refused: PostgREST would answer 500'
);
select throws_ok(
  $$select private.define_error('22012', 200, 'x', 'y')$$,
  '23514', null, 'a code of Postgres takes an error status'
);
select throws_ok(
  $$select private.define_error('pl097', 400, 'x', 'y')$$,
  '23514', null, 'a code has no small letters'
);
select throws_ok(
  $$select private.define_error('PL1000', 400, 'x', 'y')$$,
  '23514', null, 'a code has five characters'
);
select throws_ok(
  $$select private.define_error('PL097', 400, 'x', null)$$,
  '23502', null, 'a code without a hint is refused'
);
select throws_ok(
  $$select private.define_error('PL097', 400, null, 'y')$$,
  '23502', null, 'a code without a message is refused'
);

select pg_temp.act_as('service_role');
select throws_ok(
  $$select private.define_error('PL097', 400, 'x', 'y')$$,
  '42501', null, 'codes come with migrations, not from the service key'
);
select throws_ok(
  'select code from private.error_codes',
  '42501', null, 'the service key does not read the registry'
);
select pg_temp.act_as('member');
select throws_ok(
  $$select private.define_error('PT404', 404, 'x', 'y')$$,
  '42501', null, 'a user can not change what an error says'
);
select throws_ok(
  'select code from private.error_codes',
  '42501', null, 'a user does not read the registry'
);

select * from finish();
rollback;
