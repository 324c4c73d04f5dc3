-- More than ten failed logins a minute in all raise an alert, wherever they come from.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir logins.psql

select plan(3);

select pg_temp.fail(n || '@overall.test', ('198.51.100.' || n)::inet, n * 6)
from generate_series(1, 60) as n \g /dev/null
select is_empty(
  $$select pg_temp.events('failed_logins_elevated')$$,
  'ten a minute are borne'
);
select pg_temp.fail(n || '@overall.test', ('198.51.100.' || n)::inet, 1000 + n * 5)
from generate_series(1, 11) as n \g /dev/null
select results_eq(
  $$select pg_temp.events('failed_logins_elevated')$$, $$values ('warning')$$,
  'eleven are a warning'
);
select results_eq(
  $$
    select subject, details
    from audit.security_events
    where event_type = 'failed_logins_elevated' and created_at > pg_temp.moment(1000)
      and created_at < pg_temp.moment(2000)
  $$,
  $$values ('all', '{"failures": 11}'::jsonb)$$,
  'it is about all of them'
);

select * from finish();
rollback;
