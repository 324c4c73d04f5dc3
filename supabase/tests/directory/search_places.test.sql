-- A place limits a search to a radius, tells the distance, and puts the nearer of equals first.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(18);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zpf-one', 'Zpfcategory');
-- along a parallel of the South Atlantic: a hundredth of a degree is 1,076 metres at 15 degrees
-- south
insert into directory.businesses (
  id, slug, name, city, state, primary_category_id, status, longitude, latitude
) values
  ('b7e57000-0000-4000-8000-000000000001', 'zpf-1', 'Threnxul', 'Zpfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', -20.00, -15),
  ('b7e57000-0000-4000-8000-000000000002', 'zpf-2', 'Threnxul', 'Zpfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', -20.01, -15),
  ('b7e57000-0000-4000-8000-000000000003', 'zpf-3', 'Threnxul', 'Zpfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', -20.05, -15),
  ('b7e57000-0000-4000-8000-000000000004', 'zpf-4', 'Threnxul', 'Zpfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', -20.20, -15),
  ('b7e57000-0000-4000-8000-000000000005', 'zpf-5', 'Threnxul', 'Zpfcity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', null, null);

create function pg_temp.found(
  longitude double precision, latitude double precision, radius int default 10000
)
returns text
language sql
as $$
  select string_agg(right(found.slug, 1), ' ' order by found.place)
  from (
    select search_businesses.slug, row_number() over () as place
    from directory.search_businesses(
      search_query => 'threnxul', longitude => found.longitude, latitude => found.latitude,
      radius_meters => radius
    )
  ) as found;
$$;
grant execute on function pg_temp.found(double precision, double precision, int) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.found(-20, -15), '1 2 3', 'a place takes what lies within 10 km, nearest first');
select is(pg_temp.found(-20, -15, 2000), '1 2', 'a smaller radius takes less');
select is(pg_temp.found(-20, -15, 1075), '1', 'the radius is exact: a metre too little');
select is(pg_temp.found(-20, -15, 1076), '1 2', 'the radius is exact: enough');
select is(pg_temp.found(-20, -15, 200000), '1 2 3 4', 'the greatest radius is 200 km');
select is(pg_temp.found(-20.05, -15), '3 2 1', 'the order follows the place');
select is(pg_temp.found(null, null), '1 2 3 4 5',
  'without a place every match is found, also one that has no place');
select is(pg_temp.found(20, 15), null, 'a place far from all finds nothing');
select is(
  (
    select round(distance_meters::numeric, 1)
    from directory.search_businesses(
      search_query => 'threnxul', longitude => -20, latitude => -15
    ) where slug = 'zpf-3'
  ),
  round(
    extensions.st_distance(
      'SRID=4326;POINT(-20.05 -15)'::extensions.geography,
      'SRID=4326;POINT(-20 -15)'::extensions.geography
    )::numeric,
    1
  ),
  'the distance is geodesic, in metres'
);
select is(
  (
    select count(*) from directory.search_businesses(search_query => 'threnxul')
    where distance_meters is not null
  ),
  0::bigint,
  'without a place there is no distance'
);
select results_eq(
  $$
    select slug, round(distance_meters)
    from directory.search_businesses(
      search_query => 'threnxul', location_filter => 'SRID=4326;POINT(-20 -15)',
        radius_meters => 2000
    )
  $$,
  $$
    select slug, round(distance_meters)
    from directory.search_businesses(
      search_query => 'threnxul', longitude => -20, latitude => -15, radius_meters => 2000
    )
  $$,
  'a geography, for callers in SQL, is the same place as two numbers'
);
select results_eq(
  $$
    select slug, longitude_degrees, latitude_degrees
    from directory.search_businesses(
      search_query => 'threnxul', location_filter => 'SRID=4326;POINT(20 15)', longitude => -20,
      latitude => -15, radius_meters => 100
    )
  $$,
  $$ values ('zpf-1', -20::float8, -15::float8) $$,
  'where both are sent the numbers count'
);

select throws_ok(
  format('select * from directory.search_businesses(search_query => ''threnxul'', %s)',
    wrong.place),
  wrong.code, null, wrong.rule
)
from (
  values
    ('longitude => -20', 'PL102', 'a longitude alone is refused'),
    ('latitude => -15', 'PL102', 'a latitude alone is refused'),
    ('location_filter => ''SRID=4326;LINESTRING(0 0, 1 1)''', 'PL103', 'a line is no place'),
    ('longitude => 0, latitude => 91', 'PL104', 'latitude 91 is refused, not folded back to 89')
) as wrong (place, code, rule);
select lives_ok(
  $$
    select * from directory.search_businesses(
      search_query => 'threnxul', longitude => 180, latitude => 90
    )
  $$,
  'the pole is a place'
);
reset role;

-- a business that moves is found where it went
update directory.businesses set longitude = 20, latitude = 15 where slug = 'zpf-4';
set local role anon;
select is(pg_temp.found(20, 15), '4', 'a business that moves is found where it went');
reset role;

select * from finish();
rollback;
