-- Threats: one address tries one password on many accounts; many addresses try one account.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir logins.psql

select plan(6);

select pg_temp.fail(n || '@spray.test', '203.0.113.5', n) from generate_series(1, 10) as n
\g /dev/null
select is_empty(
  $$select pg_temp.events('password_spraying_detected')$$,
  'failures on ten accounts from one address are borne'
);
select pg_temp.fail(n || '@spray.test', '203.0.113.5', n) from generate_series(11, 40) as n
\g /dev/null
select results_eq(
  $$select pg_temp.events('password_spraying_detected')$$,
  $$values ('critical of 203.0.113.5/32')$$,
  'an eleventh account is critical, once'
);
select is_empty(
  $$select pg_temp.events('distributed_attack_detected')$$,
  'one address is no distributed attack'
);

select pg_temp.fail('target@spread.test', ('203.0.113.' || n)::inet, 5000 + n)
from generate_series(11, 15) as n \g /dev/null
select is_empty(
  $$select pg_temp.events('distributed_attack_detected')$$,
  'failures on one account from five addresses are borne'
);
-- the owner signs in meanwhile, from elsewhere
select pg_temp.succeed('target@spread.test', '203.0.113.200', 5020) \g /dev/null
select pg_temp.fail('target@spread.test', ('203.0.113.' || n)::inet, 5000 + n)
from generate_series(21, 40) as n \g /dev/null
select results_eq(
  $$select pg_temp.events('distributed_attack_detected')$$, $$values ('critical')$$,
  'a sixth address is critical, once, and a success of the owner does not hide it'
);
select is_empty(
  $$
    select pg_temp.events('brute_force_detected') as title
    intersect
    select 'critical of 203.0.113.' || n || '/32' from generate_series(11, 40) as n
  $$,
  'each of the addresses for itself stays below its own rule'
);

select * from finish();
rollback;
