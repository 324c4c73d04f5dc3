-- Anybody reports views, clicks and shares of what is public; nobody writes the tables behind them,
-- counts for the own business, or is named by what is kept.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir views.psql

select plan(47);

set local request.jwt.claims = '{}';
set local role anon;
select is(
  directory.track_view(
    '[
      {"business_id": "b7a40000-0000-4000-8000-000000000001",
       "referrer": "https://bob:pass@WWW.Example.com:8080/a/b?token=secret#part",
       "session_id": "57a40000-0000-4000-8000-000000000001", "time_on_page": 12, "bounced": true},
      {"business_id": "B7A40000-0000-4000-8000-000000000002"}
    ]',
    'visitor one'
  ),
  2,
  'a visitor reports views of two businesses in one call'
);
select is(
  directory.track_view(
    '[{"business_id": "b7a40000-0000-4000-8000-000000000003"},
      {"business_id": "b7a40000-0000-4000-8000-0000000000ff"}]'
  ),
  0,
  'views of a draft and of no business at all are left out'
);
select is(
  directory.track_click('[{"business_id": "b7a40000-0000-4000-8000-000000000001"}]'), 1,
  'a click is taken'
);
select is(
  directory.track_share('[{"business_id": "b7a40000-0000-4000-8000-000000000001"}]'), 1,
  'a share is taken'
);
select throws_ok(
  format(
    'insert into %s (business_id) values (''b7a40000-0000-4000-8000-000000000001'')', tables.name
  ),
  '42501', null,
  'a visitor can not write ' || tables.name
)
from unnest(
  array[
    'directory_internal.business_events', 'directory.business_views',
    'directory.business_view_daily', 'directory_internal.business_visitors'
  ]
) as tables (name);
select throws_ok(
  format('select 1 from %s', tables.name), '42501', null, 'a visitor can not read ' || tables.name
)
from unnest(
  array[
    'directory_internal.business_events', 'directory.business_views',
    'directory.business_view_daily', 'directory_internal.business_visitors'
  ]
) as tables (name);
select throws_ok(
  'select directory_internal.fold_business_events()', '42501', null, 'a visitor can not fold'
);
reset role;

select results_eq(
  $$
    select kind, referrer, referrer_host, session_id, time_on_page, bounced,
      visitor_id is not null
    from directory_internal.business_events
    where business_id = 'b7a40000-0000-4000-8000-000000000001'
    order by id
  $$,
  $$
    values
      ('view', 'https://WWW.Example.com:8080/a/b', 'example.com',
        '57a40000-0000-4000-8000-000000000001'::uuid, 12, true, true),
      ('click', null, null, null, null, false, false),
      ('share', null, null, null, null, false, false)
  $$,
  'credentials and secrets of a referrer are not kept, nor who clicked'
);
select is(
  (select count(distinct visitor_id) from directory_internal.business_events where kind = 'view'),
  1::bigint,
  'one visitor of two businesses is one'
);
select isnt(
  (select visitor_id from directory_internal.business_events order by id limit 1),
  encode(substr(sha256('visitor one'), 1, 16), 'hex')::uuid,
  'who knows what a visitor sent can not find it without the key'
);

-- Threat: an owner makes the own business look popular.
set local request.jwt.claims = '{"sub": "a7a40000-0000-4000-8000-000000000001"}';
set local role authenticated;
select is(
  directory.track_view('[{"business_id": "b7a40000-0000-4000-8000-000000000001"}]'), 0,
  'a view of the owner does not count'
);
select is(
  directory.track_share('[{"business_id": "b7a40000-0000-4000-8000-000000000001"}]'), 0,
  'a share of the owner does not count'
);
reset role;
set local request.jwt.claims = '{"sub": "a7a40000-0000-4000-8000-000000000003"}';
set local role authenticated;
select is(
  directory.track_click('[{"business_id": "b7a40000-0000-4000-8000-000000000001"}]'), 0,
  'a click of an editor does not count'
);
reset role;
set local request.jwt.claims = '{"sub": "a7a40000-0000-4000-8000-000000000009"}';
set local role authenticated;
select is(
  directory.track_view('[{"business_id": "b7a40000-0000-4000-8000-000000000001"}]'), 1,
  'a view of anybody who is signed in counts'
);
select is(
  directory.track_view('[{"business_id": "b7a40000-0000-4000-8000-000000000001"}]',
    'a7a40000-0000-4000-8000-000000000001'), 1,
  'a visitor may be called like an account'
);
reset role;
set local request.jwt.claims = '{"sub": "a7a40000-0000-4000-8000-000000000001"}';
set local role authenticated;
select is(
  directory.track_view('[{"business_id": "b7a40000-0000-4000-8000-000000000001"}]',
    'b7a40000-0000-4000-8000-000000000001'), 0,
  'and an owner who takes another visitor is still the owner'
);
reset role;
select is(
  (
    select count(distinct visitor_id)
    from directory_internal.business_events
    where business_id = 'b7a40000-0000-4000-8000-000000000001' and kind = 'view'
  ),
  3::bigint,
  'an account without a visitor is one of its own'
);
select is_empty(
  $$
    select 1
    from directory_internal.business_events
    where visitor_id::text like 'a7a40000%'
  $$,
  'no account is named'
);

set local request.jwt.claims = '{}';
set local role anon;
select throws_ok(
  format('select directory.track_view(%L)', bad.events), 'PL186', null,
  format('%s is no list of events', coalesce(bad.name, bad.events))
)
from (
  values
    ('{}', null), ('[]', null), ('null', null), ('"x"', null), (null, 'nothing'),
    ((select jsonb_agg('{}'::jsonb)::text from generate_series(1, 101)), 'more than the limit')
) as bad (events, name);
select throws_ok(
  format(
    'select directory.track_view(%L)',
    '[{"business_id": "b7a40000-0000-4000-8000-000000000001"}, ' || bad.event || ']'
  ),
  'PL187', 'Event 2 of the list is no view.',
  format('%s is refused, and named by its place', bad.event)
)
from (
  values
    ('1'), ('null'), ('[]'), ('{}'), ('{"business_id": "x"}'), ('{"business_id": null}'),
    ('{"business_id": "b7a40000-0000-4000-8000-000000000001", "created_at": "2020-01-01"}'),
    ('{"business_id": "b7a40000-0000-4000-8000-000000000001", "time_on_page": -1}'),
    ('{"business_id": "b7a40000-0000-4000-8000-000000000001", "time_on_page": "1"}'),
    ('{"business_id": "b7a40000-0000-4000-8000-000000000001", "bounced": 1}'),
    ('{"business_id": "b7a40000-0000-4000-8000-000000000001", "referrer": {}}'),
    ('{"business_id": "b7a40000-0000-4000-8000-000000000001", "session_id": "x"}')
) as bad (event);
select throws_ok(
  $$
    select directory.track_click(
      '[{"business_id": "b7a40000-0000-4000-8000-000000000001", "bounced": true}]'
    )
  $$,
  'PL187', 'Event 1 of the list is no click.', 'a click takes no field of a view'
);
select throws_ok(
  format(
    'select directory.track_view(%L, %L)',
    '[{"business_id": "b7a40000-0000-4000-8000-000000000001"}]', bad.visitor
  ),
  'PL188', null, 'a visitor of that length is refused'
)
from (values (''), (repeat('v', 201))) as bad (visitor);
select is(
  directory.track_view(
    '[{"business_id": "b7a40000-0000-4000-8000-000000000002", "referrer": "javascript:alert(1)",
      "time_on_page": 1e300, "bounced": null, "session_id": null}]'
  ),
  1,
  'a strange referrer and a tab left open for ages are no errors'
);
reset role;
select results_eq(
  $$
    select referrer, referrer_host, time_on_page, bounced, visitor_id
    from directory_internal.business_events order by id desc limit 1
  $$,
  $$values (null::text, null::text, 1800, false, null::uuid)$$,
  'and become nothing and the longest time; without a visitor there is none'
);

select * from finish();
rollback;
