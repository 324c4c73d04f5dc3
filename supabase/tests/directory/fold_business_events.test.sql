-- The fold turns reports into the log of views, days in the business's time zone, and counters,
-- each exactly once, and rewrites nothing else.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir views.psql

select plan(15);

-- what the seed or others reported is not the subject
select directory_internal.fold_business_events() from generate_series(1, 3) \g /dev/null

insert into directory_internal.business_events
  (kind, business_id, visitor_id, time_on_page, bounced, created_at)
values
  -- 31 January, 23:30 in Chicago; 1 February, 14:30 in Tokyo
  ('view', 'b7a40000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001', 10, true,
    '2026-02-01 05:30+00'),
  ('view', 'b7a40000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001', null,
    false, '2026-02-01 05:59:59.999+00'),
  ('view', 'b7a40000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001', 5, false,
    '2026-02-01 06:00+00'),
  ('view', 'b7a40000-0000-4000-8000-000000000002', 'd0000000-0000-4000-8000-000000000001', null,
    false, '2026-02-01 05:30+00'),
  ('view', 'b7a40000-0000-4000-8000-000000000001', null, null, false, '2026-02-01 07:00+00'),
  ('click', 'b7a40000-0000-4000-8000-000000000001', null, null, false, '2026-02-01 07:00+00'),
  ('click', 'b7a40000-0000-4000-8000-000000000002', null, null, false, '2026-02-01 07:00+00'),
  ('share', 'b7a40000-0000-4000-8000-000000000002', null, null, false, '2026-02-01 07:00+00'),
  ('view', 'b7a40000-0000-4000-8000-0000000000ff', null, null, false, '2026-02-01 07:00+00');
create temporary table before_fold as
select
  businesses.id, businesses.xmin::text as business_version, businesses.ctid as business_place,
  listings.xmin::text as listing_version, documents.xmin::text as document_version
from directory.businesses
join directory.listings on listings.business_id = businesses.id
join directory_internal.documents on documents.business_id = businesses.id
where businesses.id::text like 'b7a40000%';

select is(directory_internal.fold_business_events(), false, 'one step takes what is there');
select is_empty('select 1 from directory_internal.business_events', 'nothing waits any more');
select results_eq(
  $$
    select business_id, day, views, visitors, timed_views, time_total, bounces, avg_time,
      bounce_rate
    from directory.business_view_daily
    where business_id::text like 'b7a40000%'
    order by business_id, day
  $$,
  $$
    values
      ('b7a40000-0000-4000-8000-000000000001'::uuid, date '2026-01-31', 2, 1, 1, 10::bigint, 1,
        10.00, 0.5000),
      ('b7a40000-0000-4000-8000-000000000001', '2026-02-01', 2, 1, 1, 5, 0, 5.00, 0.0000),
      ('b7a40000-0000-4000-8000-000000000002', '2026-02-01', 1, 1, 0, 0, 0, null, 0.0000)
  $$,
  'days are those of the business; a visitor counts once a day, nobody counts as none'
);
select results_eq(
  $$
    select view_count, click_count, share_count
    from directory.business_stats where business_id::text like 'b7a40000%' order by business_id
  $$,
  $$values (4, 1, 0), (1, 1, 1), (0, 0, 0)$$,
  'each event counts once'
);
select is(
  (select count(*) from directory.business_views where business_id::text like 'b7a40000%'),
  5::bigint, 'the log has the views, and none of a business that is gone'
);
select results_eq(
  $$
    select businesses.id, businesses.xmin::text, businesses.ctid, listings.xmin::text,
      documents.xmin::text
    from directory.businesses
    join directory.listings on listings.business_id = businesses.id
    join directory_internal.documents on documents.business_id = businesses.id
    where businesses.id::text like 'b7a40000%'
    order by 1
  $$,
  'select * from before_fold order by id',
  'business, listing and search document are not rewritten'
);
select results_eq(
  $$
    select violations from ops.run_data_quality_check('directory.view_counts')
  $$,
  'values (0::bigint)', 'counters and days agree'
);

-- the same visitor later the same day, and one who is new
insert into directory_internal.business_events (kind, business_id, visitor_id, created_at) values
  ('view', 'b7a40000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000001',
    '2026-02-01 08:00+00'),
  ('view', 'b7a40000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000002',
    '2026-02-01 09:00+00'),
  ('view', 'b7a40000-0000-4000-8000-000000000001', 'd0000000-0000-4000-8000-000000000002',
    '2026-02-01 09:01+00');
select ops.set_setting('directory.event_fold_batch', '2') \g /dev/null
select is(directory_internal.fold_business_events(), true, 'a full batch says that more may wait');
select is(directory_internal.fold_business_events(), false, 'the rest comes with the next step');
select results_eq(
  $$
    select views, visitors from directory.business_view_daily
    where business_id = 'b7a40000-0000-4000-8000-000000000001' and day = '2026-02-01'
  $$,
  'values (5, 2)',
  'a later fold adds to the day, and knows who was there'
);
select is(directory_internal.fold_business_events(), false, 'a fold of nothing does nothing');

select results_eq(
  $$
    select unit, retention, retention_action from ops.partition_config
    where parent in (
      'directory.business_views'::regclass, 'directory_internal.business_visitors'::regclass
    )
  $$,
  $$values ('month', interval '400 days', 'drop'), ('month', '400 days', 'drop')$$,
  'views and visitors go by months after 400 days'
);
select results_eq(
  $$
    select parent::text, retention_days, enabled
    from archive.policies where name = 'businessViews'
  $$,
  $$values ('directory.business_views', 400, false)$$,
  'the policy of their archive waits for the operator'
);
select is_empty(
  $$
    select conrelid::regclass from pg_catalog.pg_constraint
    where contype = 'f'
      and confrelid in (
        'directory.business_views'::regclass, 'directory_internal.business_visitors'::regclass
      )
  $$,
  'no foreign key points to rows that go by age'
);
select is(
  (
    select relpersistence::text from pg_catalog.pg_class
    where oid = 'directory_internal.business_events'::regclass
  ),
  'p', 'what was reported survives a crash'
);

select * from finish();
rollback;
