-- An event is raised once a window for what it is about, whatever else happens.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
select plan(7);

create function pg_temp.raised(seconds int, severity text default 'info', subject text default 's')
returns boolean
language sql
as $$
  select audit.raise_security_event(
    'planted_event', raised.severity, raised.subject, '1 minute',
    as_of => '2026-03-04 05:06:07+00'::timestamptz + seconds * interval '1 second'
  )
$$;

select is(pg_temp.raised(0), true, 'the first is raised');
select is(pg_temp.raised(59), false, 'within the window there is no second one');
select is(pg_temp.raised(59, subject => 'other'), true, 'about something else there is');
select is(
  pg_temp.raised(59, severity => 'critical'), false, 'nor one of another severity'
);
select is(pg_temp.raised(60), true, 'after the window it is raised again');
select is(pg_temp.raised(119), false, 'and the window begins anew with it, not by the clock');
select throws_ok(
  $$select pg_temp.raised(500, 'grave')$$, '23514', null, 'a severity is info, warning or critical'
);

select * from finish();
rollback;
