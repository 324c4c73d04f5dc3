-- Supabase Auth tells of each password that it checked: that feeds the rule about accounts.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir ../private/people.psql

select plan(16);

create function pg_temp.attempt(person text, valid boolean)
returns text
language sql
as $$
  select private.password_verification_hook(
    jsonb_build_object('user_id', pg_temp.person(person), 'valid', valid)
  ) ->> 'decision'
$$;
create temporary view attempts as
select source, success, address
from audit.login_attempts
where account_hash = audit.account_hash('member@people.test');

select is(pg_temp.attempt('member', true), 'continue', 'a right password goes on');
select is(pg_temp.attempt('member', false), 'continue', 'so does a wrong one, to its refusal');
select results_eq(
  'select * from attempts order by success',
  $$values ('hook', false, null::inet), ('hook', true, null)$$,
  'both are recorded for the account, without an address'
);
select is(
  (select count(*) from generate_series(1, 11) where pg_temp.attempt('member', false) = 'continue'),
  11::bigint, 'an attack alone locks nobody out: that is off by default'
);
select is(pg_temp.attempt('nobody', false), 'continue', 'a user who is gone does no harm');
select ok(
  has_function_privilege(
    'supabase_auth_admin', 'private.password_verification_hook(jsonb)', 'execute'
  ),
  'Auth may call it'
);
select ok(
  not has_schema_privilege('supabase_auth_admin', 'audit', 'usage'),
  'and has no right on the record itself'
);
select results_eq(
  $$
    select severity, details
    from audit.security_events
    where event_type = 'account_brute_force_detected' and user_id = pg_temp.person('member')
  $$,
  $$values ('critical', '{"failures": 11}'::jsonb)$$,
  'the attack is an event'
);

select ops.set_setting('audit.login_lock', '600') \g /dev/null
select is(pg_temp.attempt('member', false), 'reject', 'with a lock the account is shut');
select is(
  pg_temp.attempt('member', true), 'reject', 'to the right password as well, which stays untold'
);
select is(pg_temp.attempt('other', true), 'continue', 'other accounts stay open');
select is(
  audit.is_login_locked(
    audit.account_hash('member@people.test'), clock_timestamp() + interval '601 seconds'
  ),
  false, 'a lock ends by itself'
);
select ok(
  not has_function_privilege(role, 'private.password_verification_hook(jsonb)', 'execute'),
  role || ' can not pretend to be Auth'
)
from unnest(array['authenticated', 'service_role']) as role;

create function audit.planted_failure() returns trigger language plpgsql as
$$ begin raise exception 'planted'; end $$;
create trigger planted_failure before insert on audit.login_attempts
  for each row execute function audit.planted_failure();
select is(
  pg_temp.attempt('member', true), 'continue', 'what can not be recorded keeps nobody out'
);
select isnt_empty(
  $$
    select from ops.system_logs
    where source = 'private.password_verification_hook' and level = 'error'
      and details ->> 'reason' = 'planted'
  $$,
  'and is in the log'
);

select * from finish();
rollback;
