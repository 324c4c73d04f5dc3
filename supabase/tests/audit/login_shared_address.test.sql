-- An office behind one address: people mistype and then succeed, and nobody is alarmed.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir logins.psql

select plan(4);

select
  pg_temp.fail(n || '@office.test', '192.0.2.1', n * 20),
  pg_temp.succeed(n || '@office.test', '192.0.2.1', n * 20 + 5)
from generate_series(1, 150) as n \g /dev/null
select is_empty(
  $$
    select pg_temp.events('brute_force_detected')
    union all
    select pg_temp.events('password_spraying_detected')
  $$,
  'many people who mistype once and then succeed raise nothing'
);

select pg_temp.fail(n || '@office.test', '192.0.2.1', 3100 + n) from generate_series(1, 8) as n
\g /dev/null
select results_eq(
  $$select pg_temp.events('brute_force_detected')$$, $$values ('warning of 192.0.2.1/32')$$,
  'some who give up, among many who succeed, are a warning'
);
select is_empty(
  $$
    select from audit.security_events
    where severity = 'critical' and address = '192.0.2.1'
  $$,
  'and nothing is critical'
);

select pg_temp.fail('attacker' || n || '@office.test', '192.0.2.1', 3200 + n)
from generate_series(1, 200) as n \g /dev/null
select results_eq(
  $$select pg_temp.events('password_spraying_detected') order by 1$$,
  $$values ('critical of 192.0.2.1/32'), ('warning of 192.0.2.1/32')$$,
  'when those who fail outnumber those who succeed it is critical, also after a warning'
);

select * from finish();
rollback;
