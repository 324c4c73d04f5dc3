-- private.fail raises a registered error, for callers of every role.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(11);

create function pg_temp.error_of(statement text)
returns jsonb
language plpgsql
as $$
declare
  message text;
  hint text;
begin
  execute statement;
  return null;
exception
  when others then
    get stacked diagnostics message = message_text, hint = pg_exception_hint;
    return jsonb_build_object('code', sqlstate, 'message', message, 'hint', hint);
end;
$$;
grant execute on function pg_temp.error_of(text) to anon, authenticated, service_role;

select private.define_error('PL099', 400, '%s is not %s.', 'Send another.') \g /dev/null

select is(
  pg_temp.error_of($$select private.fail('PL099', 'Blue', 'a number')$$),
  '{"code": "PL099", "message": "Blue is not a number.", "hint": "Send another."}',
  'an error carries its code, its message with the arguments in place, and its hint'
);
select is(
  pg_temp.error_of($$select private.fail('PL099', '%s %I', '''; drop')$$) ->> 'message',
  '%s %I is not ''; drop.',
  'an argument is text, whatever signs it holds'
);
select is(
  pg_temp.error_of($$select private.fail('PL099', null, 'x')$$) ->> 'message',
  ' is not x.',
  'an argument that is null leaves its place empty'
);
select is(
  pg_temp.error_of($$select private.fail('PL098', 'x')$$),
  '{"code": "XX000", "message": "error code PL098 is not registered", "hint": '
  '"Register it with private.define_error() in the migration that raises it."}',
  'a code that is not registered is an internal error that names it'
);
select is(
  pg_temp.error_of('select private.fail(null)') ->> 'code',
  'XX000', 'no code is an internal error too'
);

select pg_temp.act_as('anon');
select is(
  pg_temp.error_of($$select private.fail('PT404', 'Page')$$) ->> 'message',
  'Page not found.', 'functions that run as anon raise it'
);
select pg_temp.act_as('member');
select is(
  pg_temp.error_of($$select private.fail('PT404', 'Page')$$) ->> 'code',
  'PT404', 'functions that run as a user raise it'
);
select pg_temp.act_as('service_role');
select is(
  pg_temp.error_of($$select private.fail('PT404', 'Page')$$) ->> 'hint',
  'Check the id. The row may be gone, or not visible to you.',
  'functions that run with the service key raise it'
);

select pg_temp.act_as('operator');
select set_eq(
  $$
    select code
    from private.error_codes
    where code in ('22P02', '23502', '23503', '23505', '23514', '42501', '57014', 'PT404')
      and (code, status) in (
        ('22P02', 400), ('23502', 400), ('23503', 409), ('23505', 409), ('23514', 400),
        ('42501', 403), ('57014', 500), ('PT404', 404)
      )
  $$,
  array['22P02', '23502', '23503', '23505', '23514', '42501', '57014', 'PT404'],
  'the codes of Postgres that a client meets are registered with the status of PostgREST'
);
select is_empty(
  $$select code from private.error_codes where hint !~ '\.$' or message !~ '\.$'$$,
  'every message and every hint is a sentence'
);
select is_empty(
  $$
    select code
    from private.error_codes
    where replace(replace(message, '%s', ''), '%%', '') like '%\%%'
  $$,
  'a message takes its arguments by %s only'
);

select * from finish();
rollback;
