-- Areas are drawn and read as GeoJSON, by whom the policies let; what is no area on the globe is
-- refused before PostGIS folds it onto the globe.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(31);

insert into auth.users (id)
select ('a7e57000-0000-4000-8000-00000000000' || n)::uuid from generate_series(1, 2) as n;
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zas-one', 'Zascategory');
insert into directory.businesses (id, name, city, state, primary_category_id, owner_id, status)
values
  ('b7e57000-0000-4000-8000-000000000001', 'Zas Shown', 'Zascity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'Zas Hidden', 'Zascity', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'draft');

create function pg_temp.square(west numeric, south numeric)
returns jsonb
language sql
as $$
  select jsonb_build_object('type', 'Polygon', 'coordinates', jsonb_build_array(jsonb_build_array(
    jsonb_build_array(west, south), jsonb_build_array(west + 1, south),
    jsonb_build_array(west + 1, south + 1), jsonb_build_array(west, south + 1),
    jsonb_build_array(west, south)
  )));
$$;
create function pg_temp.draw(
  area jsonb,
  business int default 1,
  area_id uuid default null,
  delivery_fee numeric default null
)
returns text
language plpgsql
as $$
begin
  perform directory.save_service_area(
    ('b7e57000-0000-4000-8000-00000000000' || business)::uuid, area, 'Zas drawn', delivery_fee,
    20, 45, area_id
  );
  return 'drawn';
exception
  when others then
    return sqlstate;
end;
$$;
grant execute on function pg_temp.square(numeric, numeric), pg_temp.draw(jsonb, int, uuid, numeric)
  to authenticated;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select is(pg_temp.draw(pg_temp.square(10, 20), delivery_fee => 2.5), 'drawn',
  'an owner draws a polygon');
select is(
  (
    select (extensions.st_asgeojson(area)::jsonb ->> 'type', area_name, delivery_fee,
      minimum_order, estimated_time_minutes)::text
    from directory.service_areas
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  ),
  '(MultiPolygon,"Zas drawn",2.50,20.00,45)',
  'it is kept as a multipolygon with its terms'
);
select is(
  directory.in_service_area('b7e57000-0000-4000-8000-000000000001', longitude => 10.5,
    latitude => 20.5),
  true,
  'and serves what lies in it'
);
select is(
  pg_temp.draw(
    jsonb_build_object('type', 'MultiPolygon', 'coordinates', jsonb_build_array(
      pg_temp.square(30, 20) -> 'coordinates', pg_temp.square(40, 20) -> 'coordinates'
    ))
  ),
  'drawn',
  'a multipolygon is taken'
);
select is(
  pg_temp.draw(jsonb_build_object('type', 'Feature', 'geometry', pg_temp.square(50, 20))),
  'drawn',
  'a feature, as drawing tools give it, is taken'
);
select is(pg_temp.draw(pg_temp.square(10, 20), business => 2), 'drawn',
  'an owner draws an area of a draft');
select is(
  pg_temp.draw(
    pg_temp.square(60, 20),
    area_id => (
      select id from directory.service_areas
      where business_id = 'b7e57000-0000-4000-8000-000000000001' and delivery_fee = 2.5
    )
  ),
  'drawn',
  'an area is drawn anew'
);
select is(
  (
    select count(*) filter (where extensions.st_covers(area, 'POINT(60.5 20.5)'))
      || ' of ' || count(*)
    from directory.service_areas
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  ),
  '1 of 3',
  'which changes it and adds none'
);
select is(
  pg_temp.draw(
    pg_temp.square(10, 20),
    area_id => (
      select id from directory.service_areas
      where business_id = 'b7e57000-0000-4000-8000-000000000002'
    )
  ),
  'PT404',
  'an area of another business is not found'
);
select is(pg_temp.draw(pg_temp.square(10, 20), delivery_fee => -1), '23514',
  'a negative fee is refused');
select is(
  pg_temp.draw(
    extensions.st_asgeojson(extensions.st_buffer('POINT(10 20)'::extensions.geometry, 1, 2501))
      ::jsonb
  ),
  '23514',
  'threat: an outline of 10,005 points, which everybody who looks for a place would pay for'
);

select is(pg_temp.draw(area::jsonb), 'PL199', 'refused: ' || rule)
from (
  values
    ('null', 'nothing'),
    ('[]', 'a list'),
    ('"Polygon"', 'a word'),
    ('{"type": "Point", "coordinates": [1, 2]}', 'a point'),
    ('{"type": "Polygon"}', 'a polygon without coordinates'),
    ('{"type": "Polygon", "coordinates": []}', 'an empty polygon'),
    ('{"type": "Polygon", "coordinates": 7}', 'a number for coordinates'),
    ('{"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]}', 'a ring that is open'),
    ('{"type": "Polygon", "coordinates": [[["a", 0], [1, 0], [1, 1], [0, 0]]]}',
      'a letter for a degree'),
    ('{"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}',
      'a ring that crosses itself'),
    ('{"type": "Polygon", "coordinates": [[[0, 0], [1, 91], [1, 1], [0, 0]]]}', '91 degrees north'),
    ('{"type": "Polygon", "coordinates": [[[0, 0], [181, 0], [1, 1], [0, 0]]]}',
      '181 degrees east'),
    ('{"type": "Polygon", "coordinates": [[[0, 0], [1e400, 0], [1, 1], [0, 0]]]}',
      'a number that no map knows'),
    ('{"type": "Feature", "geometry": null}', 'a feature without a shape')
) as tried (area, rule);
reset role;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select is(pg_temp.draw(pg_temp.square(10, 20)), '42501',
  'threat: somebody draws an area for the business of another');
select is(
  pg_temp.draw(
    pg_temp.square(10, 20),
    area_id => (
      select id from directory.service_areas
      where business_id = 'b7e57000-0000-4000-8000-000000000001' limit 1
    )
  ),
  'PT404',
  'threat: somebody draws over the area of another'
);
reset role;

set local request.jwt.claims = '{}';
set local role anon;
select throws_ok(
  $$ select directory.save_service_area('b7e57000-0000-4000-8000-000000000001', '{}') $$,
  '42501', null,
  'a visitor draws nothing'
);
select is(
  (
    select (shown ->> 'type', jsonb_array_length(shown -> 'features'),
      shown -> 'features' -> 0 ->> 'type', shown -> 'features' -> 0 -> 'geometry' ->> 'type',
      shown -> 'features' -> 0 -> 'properties' ->> 'estimated_time_minutes')::text
    from directory.service_areas_geojson('b7e57000-0000-4000-8000-000000000001') as shown
  ),
  '(FeatureCollection,3,Feature,MultiPolygon,45)',
  'a visitor reads the areas as a FeatureCollection with their terms'
);
select throws_ok(
  $$ select directory.service_areas_geojson('b7e57000-0000-4000-8000-000000000002') $$,
  'PT404', null,
  'threat: a visitor reads the areas of a draft'
);
reset role;

delete from directory.service_areas
where business_id = 'b7e57000-0000-4000-8000-000000000001';
select is(
  directory.service_areas_geojson('b7e57000-0000-4000-8000-000000000001'),
  '{"type": "FeatureCollection", "features": []}',
  'without areas the collection is empty'
);

select * from finish();
rollback;
