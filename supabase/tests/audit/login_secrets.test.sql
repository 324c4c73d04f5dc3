-- Threat: the record of logins itself gives away who has an account.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir logins.psql
\ir ../private/people.psql

select plan(11);

select pg_temp.fail('secret.name@hidden.test', '203.0.113.6', n) from generate_series(1, 20) as n
\g /dev/null
select is_empty(
  $$
    select attempts::text from audit.login_attempts as attempts
    where attempts::text like '%secret.name%' or attempts::text like '%hidden%'
    union all
    select events::text from audit.security_events as events
    where events::text like '%secret.name%' or events::text like '%hidden%'
  $$,
  'no row holds an e-mail address'
);
select results_eq(
  $$
    select source, address, success
    from audit.login_attempts
    where account_hash = audit.account_hash('secret.name@hidden.test')
    limit 1
  $$,
  $$values ('api', '203.0.113.6'::inet, false)$$,
  'a row holds where it came from and how it ended'
);
select is(
  (select count(*) from audit.security_events where event_type = 'failed_login'
    and address = '203.0.113.6' and created_at between pg_temp.moment(0) and pg_temp.moment(60)),
  1::bigint,
  'failures of one caller on one account are one warning, not one for each'
);

select pg_temp.act_as('service_role');
select lives_ok(
  $$select ops.log_failed_login('told@hidden.test', '203.0.113.6', '{"user_agent": "x"}')$$,
  'the service key tells of a failure'
);
select lives_ok(
  $$select ops.log_login('told@hidden.test')$$,
  'the service key tells of a success, also without an address'
);
select throws_ok(
  $$select from audit.login_attempts$$, '42501', null, 'the service key does not read attempts'
);
select throws_ok(
  $$select audit.raise_security_event('x', 'info', 'x', '1 hour')$$,
  '42501', null, 'the service key invents no event'
);
select isnt_empty(
  $$select from ops.security_events where event_type = 'failed_login'$$,
  'the service key reads events'
);

select pg_temp.act_as('super_admin');
select throws_ok(
  $$select audit.log_failed_login('a@hidden.test', '203.0.113.6')$$,
  '42501', null, 'no user tells of failures, which could alarm or lock an account'
);
select throws_ok(
  $$select from audit.security_events$$, '42501', null, 'no user reads events'
);
select pg_temp.act_as('anon');
select throws_ok(
  $$select ops.log_login('a@hidden.test')$$,
  '42501', null, 'no visitor tells of a success, which would end a count'
);

select * from finish();
rollback;
