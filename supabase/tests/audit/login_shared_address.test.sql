-- An office behind one address: people mistype and then succeed, and nobody is alarmed.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir logins.psql

select plan(7);

select
  pg_temp.fail(n || '@office.test', '192.0.2.1', n * 20),
  pg_temp.succeed(n || '@office.test', '192.0.2.1', n * 20 + 5)
from generate_series(1, 150) as n \g /dev/null
select is_empty(
  $$
    select pg_temp.events('brute_force_detected')
    union all
    select pg_temp.events('password_spraying_detected')
    union all
    select pg_temp.events('shared_address_failures')
  $$,
  'many people who mistype once and then succeed raise nothing'
);

select pg_temp.fail(n || '@office.test', '192.0.2.1', 3100 + n) from generate_series(1, 8) as n
\g /dev/null
select results_eq(
  $$select pg_temp.events('shared_address_failures')$$, $$values ('warning of 192.0.2.1/32')$$,
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
  $$select pg_temp.events('password_spraying_detected')$$, $$values ('critical of 192.0.2.1/32')$$,
  'when those who fail outnumber those who succeed it is critical, also after a warning'
);
select results_eq(
  $$
    select event_type, count(*)
    from audit.security_events
    where subject = '192.0.2.1/32' and created_at between pg_temp.moment(0) and pg_temp.moment(3600)
    group by event_type
    having count(*) > 1
  $$,
  $$select null::text, null::bigint where false$$,
  'and nothing is raised twice'
);

-- an attacker with accounts of his own
select pg_temp.succeed('own' || n || '@attacker.test', '192.0.2.2', 10000)
from generate_series(1, 201) as n \g /dev/null
select pg_temp.fail('victim' || n || '@office.test', '192.0.2.2', 10000 + n)
from generate_series(1, 1000) as n \g /dev/null
select results_eq(
  $$select pg_temp.events('password_spraying_detected')$$,
  $$values ('critical of 192.0.2.1/32'), ('critical of 192.0.2.2/32')$$,
  'threat: who has more accounts of his own than a rule reads makes his spraying a warning'
);
select pg_temp.succeed('own' || n || '@attacker.test', '192.0.2.3', 20000)
from generate_series(1, 201) as n \g /dev/null
select pg_temp.fail(
  case k when 0 then 'victim' || n || '@office.test' else 'own1@attacker.test' end,
  '192.0.2.3', 20000 + n + k * 0.05
)
from generate_series(1, 100) as n
cross join generate_series(0, 9) as k
order by n, k \g /dev/null
select results_eq(
  $$
    select subject from audit.security_events
    where severity = 'critical' and subject = '192.0.2.3/32'
      and event_type = 'brute_force_detected'
  $$,
  $$values ('192.0.2.3/32')$$,
  'threat: who fails on one account between the others makes them few among those that are read'
);

select * from finish();
rollback;
