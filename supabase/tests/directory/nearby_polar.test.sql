-- Round the poles the Mercator plane ends; the answer does not.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(8);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'znp-one', 'Znpcategory');
insert into directory.businesses (
  slug, name, city, state, primary_category_id, status, longitude, latitude
) values
  ('znp-1', 'Znp', 'Znpcity', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'active', 0, 89.5),
  ('znp-2', 'Znp', 'Znpcity', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'active', 180, 89.4),
  ('znp-3', 'Znp', 'Znpcity', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'active', 90, 89.9),
  ('znp-4', 'Znp', 'Znpcity', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'active', -90, 88.6),
  ('znp-5', 'Znp', 'Znpcity', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'active', 0, 84),
  ('znp-6', 'Znp', 'Znpcity', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'active', 45, -89.9),
  ('znp-7', 'Znp', 'Znpcity', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'active', -120, -90);

create function pg_temp.near(longitude float8, latitude float8, radius int, wanted int)
returns text
language sql
as $$
  select string_agg(right(found.slug, 1), ' ' order by found.place)
  from (
    select nearby.slug, row_number() over () as place
    from directory.find_nearby_businesses(
      longitude => near.longitude, latitude => near.latitude, radius_meters => radius,
      limit_count => wanted
    ) as nearby
    where nearby.slug like 'znp-%'
  ) as found;
$$;
grant execute on function pg_temp.near(float8, float8, int, int) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(pg_temp.near(0, 90, 200000, 50), '3 1 2 4', 'the pole finds what lies round it');
select is(pg_temp.near(137, 90, 200000, 50), '3 1 2 4', 'the pole has every longitude');
select is(pg_temp.near(0, 89.8, 200000, 50), '3 1 2 4',
  'what lies beyond the pole is found across it');
select is(pg_temp.near(180, 89.4, 200000, 50), '2 3 1 4',
  'also from the other side');
select is(pg_temp.near(0, 89.8, 200000, 2), '3 1', 'a limit takes the nearest there too');
select is(pg_temp.near(-90, 88.6, 80000, 50), '4', 'a radius cuts there too');
select is(pg_temp.near(30, -90, 20000, 50), '7 6', 'the south pole is a place like others');
select is(pg_temp.near(0, 84.2, 100000, 50), '5',
  'next to the last parallel of the plane nothing changes');
reset role;

select * from finish();
rollback;
