-- The nearest businesses are those that ST_Distance puts first, wherever on earth one asks.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(24);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zno-one', 'Znocategory');
-- 80 businesses thrown around each of nine places by a generator of fixed seed
select setseed(0.20261121) is null as seeded;
create temporary table places (name text, longitude float8, latitude float8, spread float8)
on commit drop;
insert into places values
  ('a middle latitude', -30, 45, 1),
  ('the equator', -25, 0, 1),
  ('the equator and the prime meridian', 0, 0, 1),
  ('84 degrees north', -40, 84, 0.8),
  ('84 degrees south', 100, -84, 0.8),
  ('the 180th meridian from the east', -179.99, 10, 1),
  ('the 180th meridian from the west', 179.99, 10, 1),
  ('the 180th meridian itself', 180, -50, 1),
  ('the 180th meridian far north', -179.9, 78, 1);
insert into directory.businesses (
  slug, name, city, state, primary_category_id, status, longitude, latitude
)
select
  'zno-' || row_number() over (), 'Zno', 'Znocity', 'TX', 'c7e57000-0000-4000-8000-000000000001',
  'active',
  case
    when thrown.longitude > 180 then thrown.longitude - 360
    when thrown.longitude < -180 then thrown.longitude + 360
    else thrown.longitude
  end,
  thrown.latitude
from (
  select
    places.longitude
      + (random() - 0.5) * 2 * places.spread / cosd(least(places.latitude, 84)) as longitude,
    places.latitude + (random() - 0.5) * 2 * places.spread as latitude
  from places
  cross join generate_series(1, 80)
) as thrown;
grant select on places to anon;

-- what the RPC answers, and what a sort of everything by ST_Distance gives
create function pg_temp.answered(longitude float8, latitude float8, radius int, wanted int)
returns text[]
language sql
as $$
  select array_agg(found.slug order by found.place)
  from (
    select nearby.slug, row_number() over () as place
    from directory.find_nearby_businesses(
      longitude => answered.longitude, latitude => answered.latitude, radius_meters => radius,
      limit_count => wanted
    ) as nearby
  ) as found;
$$;
create function pg_temp.expected(longitude float8, latitude float8, radius int, wanted int)
returns text[]
language sql
as $$
  select array_agg(sorted.slug order by sorted.distance, sorted.business_id)
  from (
    select
      listings.slug, listings.business_id,
      extensions.st_distance(
        listings.location,
        extensions.st_setsrid(
          extensions.st_makepoint(expected.longitude, expected.latitude), 4326
        )::extensions.geography
      ) as distance
    from directory.listings
    where listings.location is not null
    order by distance, listings.business_id
    limit wanted
  ) as sorted
  where sorted.distance <= radius;
$$;
grant execute on function
  pg_temp.answered(float8, float8, int, int), pg_temp.expected(float8, float8, int, int)
  to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(
  pg_temp.answered(longitude, latitude, 200000, 40),
  pg_temp.expected(longitude, latitude, 200000, 40),
  format('the 40 nearest to %s come in the order of ST_Distance', name)
)
from places;
select is(
  pg_temp.answered(longitude, latitude, 60000, 100),
  pg_temp.expected(longitude, latitude, 60000, 100),
  format('within 60 km of %s nothing is missed and nothing added', name)
)
from places;
select cmp_ok(
  (
    select min(cardinality(pg_temp.answered(longitude, latitude, 200000, 40))) from places
  ),
  '=', 40,
  'the comparisons above are over full answers'
);
select cmp_ok(
  (select min(cardinality(pg_temp.answered(longitude, latitude, 60000, 100))) from places),
  '>=', 2,
  'and over answers that a radius cuts'
);

-- a place that is not in the middle of what is around it
select is(
  pg_temp.answered(-178.5, 10, 200000, 100), pg_temp.expected(-178.5, 10, 200000, 100),
  'businesses on the other side of the 180th meridian are found from a degree east of it'
);
select is(
  pg_temp.answered(178.5, 10, 200000, 100), pg_temp.expected(178.5, 10, 200000, 100),
  'and from a degree west of it'
);
select is(
  pg_temp.answered(-180, -50, 200000, 100), pg_temp.expected(180, -50, 200000, 100),
  'longitude -180 and 180 are one place'
);
select is(
  (
    select count(*)
    from (
      select distance_meters, lag(distance_meters) over () as before
      from directory.find_nearby_businesses(
        longitude => -30, latitude => 45, radius_meters => 200000, limit_count => 100
      )
    ) as found
    where found.distance_meters < found.before
  ),
  0::bigint,
  'distances never fall from one row to the next'
);
reset role;

select * from finish();
rollback;
