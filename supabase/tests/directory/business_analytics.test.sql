-- api_get_business_analytics(): the right people, the right days, every day, the top sources in
-- order.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
-- the server's own zone must not matter
set local timezone = 'Pacific/Kiritimati';
\ir views.psql

select plan(36);

insert into directory_internal.business_events
  (kind, business_id, visitor_id, time_on_page, bounced, referrer_host, created_at)
select
  'view', 'b7a40000-0000-4000-8000-000000000001',
  format('d0000000-0000-4000-8000-00000000000%s', event.visitor)::uuid, event.seconds,
  event.bounced, event.host, event.at::timestamptz
from (
  values
    -- in Chicago: the end of 28 February, the first and last moment of 1 March, the next one
    (1, 1, false, 'a.example', '2026-03-01 05:59:59.999999+00'),
    (1, 10, true, 'b.example', '2026-03-01 06:00+00'),
    (2, 20, true, 'b.example', '2026-03-02 05:59:59.999999+00'),
    (1, null, false, null, '2026-03-02 06:00+00'),
    -- 8 March has 23 hours
    (3, null, false, 'c.example', '2026-03-09 04:59:59+00'),
    (3, null, false, 'c.example', '2026-03-09 05:00:00+00')
) as event (visitor, seconds, bounced, host, at);
-- twelve sources of one view each and one of fifty, in June
insert into directory_internal.business_events
  (kind, business_id, referrer_host, created_at)
select
  'view', 'b7a40000-0000-4000-8000-000000000001',
  case when number <= 12 then 's' || lpad(number::text, 2, '0') else 'z' end || '.example',
  '2026-06-10 12:00+00'
from generate_series(1, 62) as number;
select directory_internal.fold_business_events() from generate_series(1, 3) \g /dev/null

create function pg_temp.analytics(date_from date, date_to date)
returns jsonb
language sql
as $$
  select directory.api_get_business_analytics(
    'b7a40000-0000-4000-8000-000000000001', date_from, date_to
  );
$$;

grant execute on function pg_temp.analytics(date, date) to authenticated;

-- who
create function pg_temp.outcome_for(user_id text)
returns text
language plpgsql
as $$
begin
  perform set_config('request.jwt.claims', jsonb_build_object('sub', user_id)::text, true);
  set local role authenticated;
  perform pg_temp.analytics('2026-03-01', '2026-03-02');
  reset role;
  return 'allowed';
exception
  when insufficient_privilege then
    return 'refused';
  when sqlstate 'PL151' then
    return 'not in the plan';
end;
$$;
select is(pg_temp.outcome_for('a7a40000-0000-4000-8000-00000000000' || person.number),
  person.outcome, format('%s is %s', person.name, person.outcome))
from (
  values
    (1, 'allowed', 'the owner'), (2, 'allowed', 'a manager'), (3, 'refused', 'an editor'),
    (4, 'refused', 'a manager who has not accepted'), (5, 'allowed', 'an analyst'),
    (6, 'allowed', 'an administrator'), (7, 'refused', 'a moderator'),
    (8, 'refused', 'an administrator whose role has ended'), (9, 'refused', 'anybody else')
) as person (number, outcome, name);
set local request.jwt.claims = '{}';
set local role anon;
select throws_ok(
  $$select directory.api_get_business_analytics('b7a40000-0000-4000-8000-000000000001')$$,
  '42501', null,
  'D-54: a visitor can not read the figures of a business'
);
reset role;
set local request.jwt.claims = '{"sub": "a7a40000-0000-4000-8000-000000000009"}';
set local role authenticated;
select throws_ok(
  $$select directory.api_get_business_analytics('b7a40000-0000-4000-8000-0000000000ff')$$,
  '42501', null,
  'who may see nothing does not learn whether a business exists'
);
reset role;
set local request.jwt.claims = '{"sub": "a7a40000-0000-4000-8000-000000000005"}';
set local role authenticated;
select throws_ok(
  $$select directory.api_get_business_analytics('b7a40000-0000-4000-8000-0000000000ff')$$,
  'PT404', null,
  'an analyst is told that there is no such business'
);
select throws_ok(
  'select directory.api_get_business_analytics(null)', 'PT404', null, 'and none without an id'
);
reset role;

-- what
set local request.jwt.claims = '{"sub": "a7a40000-0000-4000-8000-000000000002"}';
set local role authenticated;
select is(
  pg_temp.analytics('2026-03-01', '2026-03-01'),
  '{
    "overview": {"totalViews": 2, "uniqueVisitors": 2, "avgTimeOnPage": 15.00,
      "bounceRate": 1.0000},
    "dailyMetrics": [{"date": "2026-03-01", "views": 2, "visitors": 2}],
    "topReferrers": [{"source": "b.example", "count": 2}]
  }',
  'D-57: a day is that of the business, from its first moment to its last'
);
select is(
  pg_temp.analytics('2026-02-28', '2026-03-04'),
  '{
    "overview": {"totalViews": 4, "uniqueVisitors": 2, "avgTimeOnPage": 10.33,
      "bounceRate": 0.5000},
    "dailyMetrics": [
      {"date": "2026-02-28", "views": 1, "visitors": 1},
      {"date": "2026-03-01", "views": 2, "visitors": 2},
      {"date": "2026-03-02", "views": 1, "visitors": 1},
      {"date": "2026-03-03", "views": 0, "visitors": 0},
      {"date": "2026-03-04", "views": 0, "visitors": 0}
    ],
    "topReferrers": [
      {"source": "b.example", "count": 2}, {"source": "a.example", "count": 1},
      {"source": "direct", "count": 1}
    ]
  }',
  'days without views are there, and a visitor of several days is one'
);
select is(
  pg_temp.analytics('2026-03-08', '2026-03-08') #> '{overview,totalViews}', '1',
  'the day of 23 hours ends at its midnight'
);
select is(
  pg_temp.analytics('2026-03-09', '2026-03-09') #> '{overview,totalViews}', '1',
  'and the next one begins there'
);
select is(
  pg_temp.analytics('2026-04-01', '2026-04-02'),
  '{
    "overview": {"totalViews": 0, "uniqueVisitors": 0, "avgTimeOnPage": null, "bounceRate": null},
    "dailyMetrics": [
      {"date": "2026-04-01", "views": 0, "visitors": 0},
      {"date": "2026-04-02", "views": 0, "visitors": 0}
    ],
    "topReferrers": []
  }',
  'without views there are zeros and empty lists, and no mean'
);
select is(
  pg_temp.analytics('2026-06-01', '2026-06-30') -> 'topReferrers' -> 0,
  '{"source": "z.example", "count": 50}',
  'D-56: the source of most views is the first'
);
select is(
  jsonb_path_query_array(
    pg_temp.analytics('2026-06-01', '2026-06-30'), '$.topReferrers[1 to 9].source'
  ),
  '["s01.example", "s02.example", "s03.example", "s04.example", "s05.example", "s06.example",
    "s07.example", "s08.example", "s09.example"]',
  'equals stand by name'
);
select is(
  jsonb_array_length(pg_temp.analytics('2026-06-01', '2026-06-30') -> 'topReferrers'), 10,
  'ten sources are named'
);
select is(
  (
    select array[days ->> 0, days ->> 30, jsonb_array_length(days)::text]
    from jsonb_path_query_array(
      directory.api_get_business_analytics('b7a40000-0000-4000-8000-000000000001'),
      '$.dailyMetrics[*].date'
    ) as days
  ),
  array[
    ((now() at time zone 'America/Chicago')::date - 30)::text,
    (now() at time zone 'America/Chicago')::date::text, '31'
  ],
  'without a range it is the last thirty days up to today in Chicago'
);
select is(
  jsonb_array_length(
    directory.api_get_business_analytics(
      'b7a40000-0000-4000-8000-000000000001', date_to => '2026-03-31'
    ) -> 'dailyMetrics'
  ),
  31,
  'an end alone takes the thirty days before it'
);
select throws_ok(
  format('select pg_temp.analytics(%L, %L)', bad.first, bad.last), 'PL185', null,
  format('from %s to %s is refused', bad.first, bad.last)
)
from (
  values
    ('2026-03-02', '2026-03-01'), ('2025-01-01', '2026-01-02'), ('-infinity', '2026-01-01'),
    ('2026-01-01', 'infinity'), ('2026-01-01', '5000000-01-01'), ('4713-01-01 BC', '2026-01-01')
) as bad (first, last);
select lives_ok(
  $$select pg_temp.analytics('2025-01-01', '2026-01-01')$$, 'a year and a day is a range'
);
select results_eq(
  $$
    select
      figures #> '{overview,uniqueVisitors}', figures #> '{overview,totalViews}'
    from pg_temp.analytics('2020-01-01', '2020-01-31') as figures
  $$,
  $$values ('null'::jsonb, '0'::jsonb)$$,
  'visitors of a time that is not kept any more are not known'
);
reset role;

-- another zone
set local request.jwt.claims = '{"sub": "a7a40000-0000-4000-8000-000000000001"}';
insert into directory_internal.business_events (kind, business_id, created_at) values
  ('view', 'b7a40000-0000-4000-8000-000000000002', '2026-01-31 14:59:59+00'),
  ('view', 'b7a40000-0000-4000-8000-000000000002', '2026-01-31 15:00:00+00');
select directory_internal.fold_business_events() \g /dev/null
set local role authenticated;
select results_eq(
  $$
    select day ->> 'date', day -> 'views'
    from jsonb_array_elements(
      directory.api_get_business_analytics(
        'b7a40000-0000-4000-8000-000000000002', '2026-01-31', '2026-02-01'
      ) -> 'dailyMetrics'
    ) as day
  $$,
  $$values ('2026-01-31', '1'::jsonb), ('2026-02-01', '1')$$,
  'February begins nine hours earlier in Tokyo'
);
reset role;


-- what the plan says
update directory.businesses set subscription_tier = 'free'
where id = 'b7a40000-0000-4000-8000-000000000001';
select is(pg_temp.outcome_for('a7a40000-0000-4000-8000-00000000000' || person), expected, rule)
from (
  values
    (1, 'not in the plan', 'the owner of a free business sees no figures'),
    (2, 'not in the plan', 'nor does its manager'),
    (5, 'allowed', 'an analyst does'),
    (6, 'allowed', 'and an administrator')
) as tried (person, expected, rule);

select * from finish();
rollback;
