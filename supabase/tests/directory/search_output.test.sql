-- What a result tells of a business is what its listing and its entry say.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(6);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zuf-one', 'Zufcategory');
insert into directory.businesses (
  id, slug, name, city, state, primary_category_id, status, description, short_description,
  longitude, latitude, logo_url, subscription_tier
) values
  ('b7e57000-0000-4000-8000-000000000001', 'zuf-1', 'Plimvortex', 'Zufcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', 'The long text', 'The short text', -20.5,
      -40.5,
    'https://example.com/l.png', 'premium'),
  ('b7e57000-0000-4000-8000-000000000002', 'zuf-2', 'Plimvortexa', 'Zufcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', null, 'The short text', null, null, null,
    'free');

select function_returns(
  'directory', 'search_businesses',
  array['text', 'uuid', 'geography', 'integer', 'integer', 'double precision', 'double precision',
    'numeric'],
  'setof record',
  'search_businesses takes words, category, place, radius, limit and rating'
);
select volatility_is(
  'directory', 'search_businesses',
  array['text', 'uuid', 'geography', 'integer', 'integer', 'double precision', 'double precision',
    'numeric'],
  'stable',
  'a search writes nothing'
);

set local request.jwt.claims = '{}';
set local role anon;
select results_eq(
  $$
    select id, name, description, slug, city, state, category_id, category_name, avg_rating,
      review_count, subscription_tier, longitude_degrees, latitude_degrees, logo_url, corrections
    from directory.search_businesses(search_query => 'plimvortex')
  $$,
  $$
    values ('b7e57000-0000-4000-8000-000000000001'::uuid, 'Plimvortex', 'The long text', 'zuf-1',
      'Zufcity', 'TX', 'c7e57000-0000-4000-8000-000000000001'::uuid, 'Zufcategory', null::numeric,
        0,
      'premium', -20.5::float8, -40.5::float8, 'https://example.com/l.png', '[]'::jsonb)
  $$,
  'a result carries the columns of its contract'
);
select results_eq(
  $$
    select description, longitude_degrees, logo_url
    from directory.search_businesses(search_query => 'plimvortexa')
  $$,
  $$ values ('The short text', null::float8, null) $$,
  'the short text stands for a long one that is missing; what is missing is null'
);
select results_eq(
  $$
    select search_businesses.quality_score
    from directory.search_businesses(search_query => 'plimvortex')
  $$,
  $$
    select business_stats.quality_score from directory.business_stats
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'a result tells the quality score of the business'
);
select cmp_ok(
  (select rank from directory.search_businesses(search_query => 'plimvortex')), '>', 0::real,
  'a result tells its rank'
);
reset role;

select * from finish();
rollback;
