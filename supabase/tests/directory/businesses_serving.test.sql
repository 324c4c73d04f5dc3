-- Who serves a place: by a drawn area, else by the radius, nearest first, and exactly those of
-- which in_service_area() says so, also across the 180th meridian and at a pole.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(24);

insert into directory.categories (id, parent_id, slug, name) values
  ('c7e57000-0000-4000-8000-00000000000a', null, 'zbs-top', 'Zbs Top'),
  ('c7e57000-0000-4000-8000-00000000000b', 'c7e57000-0000-4000-8000-00000000000a', 'zbs-leaf',
    'Zbs Leaf'),
  ('c7e57000-0000-4000-8000-00000000000c', null, 'zbs-other', 'Zbs Other');
-- far from everything: on the island of nobody in the South Atlantic
insert into directory.businesses (
  id, name, city, state, primary_category_id, status, longitude, latitude,
  service_area_radius_miles
)
select
  ('b7e57000-0000-4000-8000-00000000000' || n)::uuid, 'Zbs ' || n, 'Zbscity', 'TX',
  ('c7e57000-0000-4000-8000-00000000000' || category)::uuid, status, longitude, latitude, radius
from (
  values
    ('1', 'a', 'active', -20.0, -30.0, null),   -- draws two areas
    ('2', 'b', 'active', -20.01, -30.0, 5),     -- serves 5 miles
    ('3', 'c', 'active', -20.5, -30.0, 100),    -- serves 100 miles
    ('4', 'b', 'active', -20.0, -30.0, null),   -- serves nothing
    ('5', 'b', 'draft', -20.0, -30.0, 50),      -- is a draft
    ('6', 'b', 'active', -20.0, -30.0, 50),     -- draws an area elsewhere, which overrules 50 miles
    ('7', 'b', 'active', null, null, null),     -- has no place, and draws an area
    ('8', 'b', 'active', 179.9, -40.0, 100),    -- serves across the meridian
    ('9', 'b', 'active', 0.0, 89.5, 100)        -- serves across the pole
) as business (n, category, status, longitude, latitude, radius);
insert into directory.service_areas (business_id, area, area_name, delivery_fee, minimum_order,
  estimated_time_minutes)
values
  ('b7e57000-0000-4000-8000-000000000001',
    'MULTIPOLYGON(((-21 -31, -19 -31, -19 -29, -21 -29, -21 -31)))', 'Zbs wide', 5, 10, 60),
  ('b7e57000-0000-4000-8000-000000000001',
    'MULTIPOLYGON(((-20.1 -30.1, -19.9 -30.1, -19.9 -29.9, -20.1 -29.9, -20.1 -30.1)))',
    'Zbs narrow', 2, 20, 30),
  ('b7e57000-0000-4000-8000-000000000006',
    'MULTIPOLYGON(((10 10, 11 10, 11 11, 10 11, 10 10)))', 'Zbs elsewhere', null, null, null),
  ('b7e57000-0000-4000-8000-000000000007',
    'MULTIPOLYGON(((-21 -31, -19 -31, -19 -29, -21 -29, -21 -31)))', 'Zbs from nowhere', null,
    null, null);

create function pg_temp.serving(longitude double precision, latitude double precision)
returns text
language sql
as $$
  select coalesce(string_agg(right(found.name, 1), ' ' order by place), 'none')
  from directory.businesses_serving(serving.longitude, serving.latitude)
    with ordinality as found (id, name, slug, distance_meters, city, state, category_id,
      category_name, avg_rating, review_count, area_name, delivery_fee, minimum_order,
      estimated_time_minutes, longitude_degrees, latitude_degrees, place)
  where found.name like 'Zbs %';
$$;
create function pg_temp.refusal(arguments text)
returns text
language plpgsql
as $$
begin
  execute format('select * from directory.businesses_serving(%s)', arguments);
  return 'answered';
exception
  when others then
    return sqlstate;
end;
$$;
grant execute on function
  pg_temp.serving(double precision, double precision), pg_temp.refusal(text) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.serving(-20, -30), '1 2 3 7',
  'areas that cover the place and radii that reach it, nearest first, without a place last');
select is(pg_temp.serving(-20.95, -30.95), '3 1 7', 'outside 5 miles that one is missing');
select is(pg_temp.serving(10.5, 10.5), '6', 'a drawn area is served');
select is(pg_temp.serving(-40, -30), 'none', 'where nobody comes there is nobody');
select is(pg_temp.serving(-179.9, -40), '8', 'a radius reaches across the 180th meridian');
select is(pg_temp.serving(179, -40), '8', 'and to this side of it');
select is(pg_temp.serving(180, 89.9), '9', 'a radius reaches across the pole');
select is(pg_temp.serving(-90, 90), '9', 'and the pole itself');
select is(
  (
    select (area_name, delivery_fee, minimum_order, estimated_time_minutes)::text
    from directory.businesses_serving(-20, -30) where name = 'Zbs 1'
  ),
  '("Zbs narrow",2.00,20.00,30)',
  'of several areas the cheapest tells the terms'
);
select is(
  (
    select (area_name, delivery_fee, minimum_order, estimated_time_minutes)::text
    from directory.businesses_serving(-20.5, -30.5) where name = 'Zbs 1'
  ),
  '("Zbs wide",5.00,10.00,60)',
  'where only one covers the place it does'
);
select is(
  (select (area_name, delivery_fee)::text from directory.businesses_serving(-20, -30)
    where name = 'Zbs 3'),
  '(,)',
  'a radius has no terms'
);
select is(
  (select round(distance_meters) from directory.businesses_serving(-20, -30) where name = 'Zbs 3'),
  round(extensions.st_distance('POINT(-20 -30)'::extensions.geography, 'POINT(-20.5 -30)')),
  'the distance is geodesic'
);
select is(
  (select distance_meters from directory.businesses_serving(-20, -30) where name = 'Zbs 7'),
  null,
  'a business without a place has no distance'
);

-- a grid of places over the island and both ends of the map
select is_empty(
  $$
    select place.longitude, place.latitude, listings.name
    from (
      select longitude, latitude
      from generate_series(-22, -18, 0.5) as longitude
      cross join generate_series(-32, -28, 0.5) as latitude
      union all
      select longitude, latitude
      from unnest(array[-180, -179, -178, 178, 179, 180]) as longitude
      cross join generate_series(-42, -38, 0.5) as latitude
      union all
      select longitude, latitude
      from generate_series(-180, 180, 45) as longitude
      cross join unnest(array[86, 88, 88.5, 89, 90]) as latitude
    ) as place
    cross join directory.listings
    where listings.city = 'Zbscity'
      and directory.in_service_area(
        listings.business_id, longitude => place.longitude, latitude => place.latitude
      ) <> exists (
        select 1
        from directory.businesses_serving(
          place.longitude, place.latitude, limit_count => 100
        ) as found
        where found.id = listings.business_id
      )
  $$,
  'it lists exactly those of which in_service_area() says so'
);
select is(
  (select count(*) from directory.businesses_serving(-20, -30, limit_count => 2)), 2::bigint,
  'no more than asked for'
);
select is(
  (
    select string_agg(name, ', ' order by name)
    from directory.businesses_serving(-20, -30, 'c7e57000-0000-4000-8000-00000000000a')
  ),
  'Zbs 1, Zbs 2, Zbs 7',
  'a category includes all below it'
);
select is(
  (
    select count(*)
    from directory.businesses_serving(user_location => 'POINT(-20 -30)', limit_count => 100)
  ),
  4::bigint,
  'SQL may send a geography'
);
select is(pg_temp.refusal(arguments), code, rule)
from (
  values
    ('', 'PL101', 'without a place it is refused'),
    ('1, null', 'PL102', 'with half a place it is refused'),
    ('1, 91', 'PL104', '91 degrees north are refused'),
    ('1, 1, limit_count => 101', 'PL104', 'more rows than allowed are refused'),
    ('1, 1, ''c7e57000-0000-4000-8000-0000000000ff''', 'PL123', 'an unknown category is refused')
) as tried (arguments, code, rule);
reset role;

-- a suspension that has begun is not written down yet
set local session_replication_role = replica;
update directory.listings set visible_until = now() - interval '1 second'
where business_id = 'b7e57000-0000-4000-8000-000000000002';
set local session_replication_role = origin;
set local role anon;
select is(pg_temp.serving(-20, -30), '1 3 7', 'who is suspended by the clock serves nobody');
select is_empty(
  $$
    select * from directory_internal.serving('POINT(-20 -30)', null, 100) as found
    where found.business_id = 'b7e57000-0000-4000-8000-000000000005'
  $$,
  'threat: a caller asks the definer itself for drafts'
);
reset role;

select * from finish();
rollback;
