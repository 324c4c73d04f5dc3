-- The least rating and the number of results.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(12);

insert into auth.users (id)
select ('a7e57000-0000-4000-8000-00000000000' || n)::uuid from generate_series(1, 2) as n;
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zmf-one', 'Zmfcategory');
insert into directory.businesses (id, slug, name, city, state, primary_category_id, status)
select
  ('b7e57000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'zmf-' || n, 'Wexibrulm', 'Zmfcity',
  'TX', 'c7e57000-0000-4000-8000-000000000001', 'active'
from generate_series(1, 120) as n;
-- means of 5, 4.5 and 3 stars, and one business whose review waits
insert into directory.business_reviews (business_id, reviewer_id, rating, content, status) values
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 5, 'Zmf',
    'published'),
  ('b7e57000-0000-4000-8000-000000000002', 'a7e57000-0000-4000-8000-000000000001', 5, 'Zmf',
    'published'),
  ('b7e57000-0000-4000-8000-000000000002', 'a7e57000-0000-4000-8000-000000000002', 4, 'Zmf',
    'published'),
  ('b7e57000-0000-4000-8000-000000000003', 'a7e57000-0000-4000-8000-000000000001', 3, 'Zmf',
    'published'),
  ('b7e57000-0000-4000-8000-000000000004', 'a7e57000-0000-4000-8000-000000000001', 5, 'Zmf',
    'pending');

create function pg_temp.rated(lowest numeric)
returns text
language sql
as $$
  select string_agg(right(search_businesses.slug, 1), ' ' order by search_businesses.slug)
  from directory.search_businesses(search_query => 'wexibrulm', minimum_rating => lowest);
$$;
grant execute on function pg_temp.rated(numeric) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.rated(1), '1 2 3',
  'a least rating leaves out businesses without published reviews');
select is(pg_temp.rated(4.5), '1 2', 'the least rating itself is enough');
select is(pg_temp.rated(4.51), '1', 'a little more is too much');
select is(pg_temp.rated(5), '1', 'five stars are the most that can be asked for');
select results_eq(
  $$
    select slug, avg_rating, review_count
    from directory.search_businesses(search_query => 'wexibrulm', minimum_rating => 4) order by slug
  $$,
  $$ values ('zmf-1', 5.00, 1), ('zmf-2', 4.50, 2) $$,
  'a result tells mean and number of the reviews'
);
select is(
  (select count(*) from directory.search_businesses(search_query => 'wexibrulm')), 50::bigint,
  'a search gives 50 results unless it asks for another number'
);
select is(
  (
    select count(*)
    from directory.search_businesses(search_query => 'wexibrulm', result_limit => 100)
  ),
  100::bigint,
  'a search gives 100 results at most'
);
select results_eq(
  $$ select id from directory.search_businesses(search_query => 'wexibrulm', result_limit => 1) $$,
  $$ select id from directory.search_businesses(search_query => 'wexibrulm') limit 1 $$,
  'the one result of a search for one is the first of a longer one'
);
select results_eq(
  $$ select id from directory.search_businesses(search_query => 'wexibrulm', result_limit => 10) $$,
  $$ select id from directory.search_businesses(search_query => 'wexibrulm', result_limit => 100)
    limit 10 $$,
  'a shorter answer is the beginning of a longer one'
);
select throws_ok(
  $$ select * from directory.search_businesses(search_query => 'wexibrulm', result_limit => 101) $$,
  'PL104', 'result_limit 101 is out of range: it goes from 1 to 100.',
  'more than 100 results are refused, not cut'
);
reset role;

-- the cap is a setting
select ops.set_setting('directory.page_size_maximum', '60') is null as set_before;
set local role anon;
select throws_ok(
  $$ select * from directory.search_businesses(search_query => 'wexibrulm', result_limit => 61) $$,
  'PL104', 'result_limit 61 is out of range: it goes from 1 to 60.',
  'the operator moves the cap by a setting'
);
select throws_ok(
  $$ select * from ops.settings $$,
  '42501', null,
  'a visitor does not read the settings'
);
reset role;

select * from finish();
rollback;
