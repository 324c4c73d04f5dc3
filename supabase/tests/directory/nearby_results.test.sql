-- What a neighbour is told of: distance, bearing, radius, limit, and who is not a neighbour at all.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(21);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'znr-one', 'Znrcategory');
insert into directory.businesses (
  id, slug, name, city, state, primary_category_id, status, longitude, latitude
) values
  ('b7e57000-0000-4000-8000-000000000001', 'znr-here', 'Znr Here', 'Znrcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', -20, -30),
  ('b7e57000-0000-4000-8000-000000000002', 'znr-north', 'Znr North', 'Znrcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', -20, -29.99),
  ('b7e57000-0000-4000-8000-000000000003', 'znr-east', 'Znr East', 'Znrcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', -19.98, -30),
  ('b7e57000-0000-4000-8000-000000000004', 'znr-south', 'Znr South', 'Znrcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', -20, -30.03),
  ('b7e57000-0000-4000-8000-000000000005', 'znr-west', 'Znr West', 'Znrcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', -20.1, -30),
  ('b7e57000-0000-4000-8000-000000000006', 'znr-nowhere', 'Znr Nowhere', 'Znrcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', null, null),
  ('b7e57000-0000-4000-8000-000000000007', 'znr-draft', 'Znr Draft', 'Znrcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'draft', -20, -30);

create function pg_temp.near(radius int, wanted int)
returns text
language sql
as $$
  select string_agg(substr(found.slug, 5), ' ' order by found.place)
  from (
    select nearby.slug, row_number() over () as place
    from directory.find_nearby_businesses(
      longitude => -20, latitude => -30, radius_meters => radius, limit_count => wanted
    ) as nearby
  ) as found;
$$;
grant execute on function pg_temp.near(int, int) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(
  (
    select string_agg(substr(slug, 5), ' ')
    from directory.find_nearby_businesses(longitude => -20, latitude => -30)
  ),
  'here north east south',
  'without a radius it is 5 km, and the nearest comes first'
);
select is(pg_temp.near(20000, 50), 'here north east south west', 'a greater radius takes more');
select is(pg_temp.near(1, 50), 'here', 'a radius of a metre takes what is here');
select is(pg_temp.near(1108, 50), 'here', 'the radius is exact: a metre too little');
select is(pg_temp.near(1109, 50), 'here north', 'the radius is exact: enough');
select is(pg_temp.near(20000, 2), 'here north', 'a limit takes the nearest');
select is(pg_temp.near(200000, 100), 'here north east south west',
  'a business without a place is nobody''s neighbour, and a draft neither');
select is(
  (
    select count(*) from directory.find_nearby_businesses(longitude => -20.5, latitude => -30.5)
    where slug like 'znr-%'
  ),
  0::bigint,
  'far from all there is nobody'
);
select results_eq(
  $$
    select slug, round(distance_meters::numeric, 3)
    from directory.find_nearby_businesses(
      longitude => -20, latitude => -30, radius_meters => 20000
    )
  $$,
  $$
    select slug, round(
      extensions.st_distance(location, 'SRID=4326;POINT(-20 -30)'::extensions.geography)::numeric, 3
    )
    from directory.listings where slug like 'znr-%' and location is not null
    order by 2
  $$,
  'distances are geodesic, in metres'
);
select is(
  (
    select round(bearing_degrees)
    from directory.find_nearby_businesses(longitude => -20, latitude => -30, radius_meters => 20000)
    where slug = 'znr-' || side.name
  ),
  side.bearing::float8,
  format('what lies %s has the bearing %s', side.name, side.bearing)
)
from (values ('north', 0), ('east', 90), ('south', 180), ('west', 270)) as side (name, bearing);
select is(
  (
    select bearing_degrees
    from directory.find_nearby_businesses(longitude => -20, latitude => -30)
    where slug = 'znr-here'
  ),
  null,
  'what is at the place itself has no bearing'
);
select results_eq(
  $$
    select id, name, city, state, category_id, category_name, avg_rating, review_count,
      longitude_degrees, latitude_degrees
    from directory.find_nearby_businesses(longitude => -20, latitude => -30, radius_meters => 1)
  $$,
  $$
    values ('b7e57000-0000-4000-8000-000000000001'::uuid, 'Znr Here', 'Znrcity', 'TX',
      'c7e57000-0000-4000-8000-000000000001'::uuid, 'Znrcategory', null::numeric, 0, -20::float8,
      -30::float8)
  $$,
  'a neighbour carries the columns of its contract'
);
select results_eq(
  $$
    select slug from directory.find_nearby_businesses(
      user_location => 'SRID=4326;POINT(-20 -30)', radius_meters => 20000
    )
  $$,
  $$
    select slug from directory.find_nearby_businesses(
      longitude => -20, latitude => -30, radius_meters => 20000
    )
  $$,
  'a geography, for callers in SQL, is the same place as two numbers'
);
select volatility_is(
  'directory', 'find_nearby_businesses',
  array['geography', 'integer', 'integer', 'double precision', 'double precision'], 'stable',
  'a look around writes nothing'
);
reset role;

-- ties: eight businesses at one distance, and a limit that cuts through them
insert into directory.businesses (
  id, slug, name, city, state, primary_category_id, status, longitude, latitude
)
select
  ('b7e57000-0000-4000-8000-00000000001' || n)::uuid, 'znr-tie-' || n, 'Znr Tie', 'Znrcity', 'TX',
  'c7e57000-0000-4000-8000-000000000001', 'active', -10, -30
from unnest(array[5, 3, 8, 1, 7, 2, 6, 4]) as n;
set local role anon;
select is(
  (
    select string_agg(right(slug, 1), ' ')
    from directory.find_nearby_businesses(
      longitude => -10.001, latitude => -30, limit_count => 5
    )
  ),
  '1 2 3 4 5',
  'of businesses at one distance a limit takes those with the least id'
);
select is(
  (
    select string_agg(right(slug, 1), ' ')
    from directory.find_nearby_businesses(longitude => -10, latitude => -30)
  ),
  '1 2 3 4 5 6 7 8',
  'businesses at one distance come by their id'
);
reset role;

-- the caps are settings
select ops.set_setting('directory.radius_maximum', '10000') is null as set_before;
set local role anon;
select throws_ok(
  $$
    select * from directory.find_nearby_businesses(
      longitude => -20, latitude => -30, radius_meters => 10001
    )
  $$,
  'PL104', 'radius_meters 10001 is out of range: it goes from 1 to 10000.',
  'the operator moves the greatest radius by a setting'
);
reset role;
update directory.listings set visible_until = now() where slug = 'znr-north';
set local role anon;
select is(pg_temp.near(5000, 50), 'here east south',
  'a business whose suspension has begun is left out before the job removes it');
reset role;

select * from finish();
rollback;
