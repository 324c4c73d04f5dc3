-- An attacker who signs in himself, again and again, hides no failure.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir logins.psql

select plan(4);

select
  pg_temp.succeed('own@attacker.test', '192.0.2.9', n),
  pg_temp.succeed('own@attacker.test', '192.0.2.9', n + 0.3),
  pg_temp.succeed('own@attacker.test', '192.0.2.9', n + 0.6),
  case when n % 20 = 0 then pg_temp.fail('victim' || n || '@a.test', '192.0.2.9', n + 0.9) end
from generate_series(1, 600) as n \g /dev/null
select results_eq(
  $$select pg_temp.events('brute_force_detected')$$, $$values ('critical of 192.0.2.9/32')$$,
  'thirty failures between 1,800 successes of his own are seen'
);
select results_eq(
  $$select pg_temp.events('password_spraying_detected')$$,
  $$values ('critical of 192.0.2.9/32')$$,
  'and so is that they are on thirty accounts'
);

-- the newest failures that a rule reads are all of his own account, and all cancelled
select ops.set_setting('audit.login_attempts_read', '20') \g /dev/null
select
  pg_temp.fail('own@attacker.test', '192.0.2.10', n),
  pg_temp.fail('own@attacker.test', '192.0.2.10', n + 0.2),
  pg_temp.fail('own@attacker.test', '192.0.2.10', n + 0.4),
  pg_temp.succeed('own@attacker.test', '192.0.2.10', n + 0.6),
  case when n % 10 = 0 then pg_temp.fail('victim' || n || '@a.test', '192.0.2.10', n + 0.8) end
from generate_series(1, 200) as n \g /dev/null
select results_eq(
  $$
    select pg_temp.events('brute_force_detected')
    except
    values ('critical of 192.0.2.9/32')
  $$,
  $$values ('critical of 192.0.2.10/32')$$,
  'twenty failures are seen also when he mistypes his own password between them'
);

select ops.set_setting('audit.login_account_failures', '300') \g /dev/null
select ops.set_setting('audit.login_attempts_read', '10') \g /dev/null
select pg_temp.fail('slow@a.test', null, n) from generate_series(1, 301) as n \g /dev/null
select results_eq(
  $$select pg_temp.events('account_brute_force_detected')$$, $$values ('critical')$$,
  'a number above what a rule reads is reached all the same'
);

select * from finish();
rollback;
