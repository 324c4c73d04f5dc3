-- The nearest businesses. An index walk in the Mercator plane finds candidates, a bound makes sure
-- that none was missed, and the exact geodesic distance decides order and radius.

create function directory.find_nearby_businesses(
  user_location extensions.geography default null,
  radius_meters int default 5000,
  limit_count int default 50,
  longitude double precision default null,
  latitude double precision default null
)
returns table (
  id uuid,
  name text,
  distance_meters double precision,
  bearing_degrees double precision,
  slug text,
  city text,
  state text,
  category_id uuid,
  category_name text,
  avg_rating numeric,
  review_count int,
  longitude_degrees double precision,
  latitude_degrees double precision
)
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
-- the plan depends on how many rows are asked for: with an unknown limit the planner sorts the
-- table
set plan_cache_mode = 'force_custom_plan'
as $$
#variable_conflict use_column
declare
  place constant extensions.geography := directory_internal.place(
    find_nearby_businesses.longitude, find_nearby_businesses.latitude,
    find_nearby_businesses.user_location
  );
  place_longitude constant double precision := extensions.st_x(place::extensions.geometry);
  place_latitude constant double precision := extensions.st_y(place::extensions.geometry);
  meters_per_degree constant double precision := double precision '111000';
  equator constant double precision := 2 * pi() * 6378137;
  origin constant point := directory_internal.mercator(place_longitude, place_latitude);
  -- across the 180th meridian the plane is torn, so the origin stands on both sides
  origins constant point[] := array[
    origin,
    point(origin[0] - sign(origin[0]) * equator, origin[1])
  ];
  half constant double precision := equator / 2;
  farthest double precision;
  reach double precision;
  stretch double precision;
  polar_cap box;
begin
  if place is null then
    perform private.fail('PL101');
  end if;
  perform directory_internal.check_range('radius_meters', radius_meters, 1,
    directory_internal.setting('radius_maximum'));
  perform directory_internal.check_range('limit_count', limit_count, 1,
    directory_internal.setting('page_size_maximum'));

  -- the true distance of the last of the first candidates: nothing farther belongs to the answer
  select max(extensions.st_distance(walk.location, place)) into farthest
  from (
    select listings.location
    from directory.listings
    where listings.visible_until is null or listings.visible_until > now()
    order by directory_internal.mercator(listings.longitude, listings.latitude)
      operator(pg_catalog.<->) origin
    limit limit_count
  ) as walk
  having count(*) = limit_count;
  farthest := least(coalesce(farthest, radius_meters), radius_meters) + 1;

  -- how much the plane stretches the ground at the end of that distance nearest to a pole; one per
  -- cent more covers the difference between the sphere and the spheroid
  reach := abs(place_latitude) + 1.01 * farthest / meters_per_degree;
  stretch := 1.01 / cosd(least(reach, 84));
  -- the plane ends at 85 degrees; beyond, everything around the pole is a candidate
  if reach > 84 then
    polar_cap := box(
      point(-half - 1, sign(place_latitude) * equator),
      directory_internal.mercator(
        180, sign(place_latitude) * (abs(place_latitude) - 1.01 * farthest / meters_per_degree)
      ) + point(1, 0)
    );
  end if;

  return query
  with candidates as (
    select
      listings.*,
      extensions.st_distance(listings.location, place) as distance
    from directory.listings
    where (
        directory_internal.mercator(listings.longitude, listings.latitude)
          operator(pg_catalog.<@) circle(origins[1], farthest * stretch)
        or directory_internal.mercator(listings.longitude, listings.latitude)
          operator(pg_catalog.<@) circle(origins[2], farthest * stretch)
        or directory_internal.mercator(listings.longitude, listings.latitude)
          operator(pg_catalog.<@) polar_cap
      )
      and (listings.visible_until is null or listings.visible_until > now())
  ),
  nearest as (
    select candidates.*
    from candidates
    where candidates.distance <= radius_meters
    order by candidates.distance, candidates.business_id
    limit limit_count
  )
  select
    nearest.business_id, nearest.name, nearest.distance,
    degrees(extensions.st_azimuth(place, nearest.location)),
    nearest.slug, nearest.city, nearest.state, nearest.category_id, categories.name,
    nearest.avg_rating, nearest.review_count, nearest.longitude, nearest.latitude
  from nearest
  left join directory.categories on categories.id = nearest.category_id
  order by nearest.distance, nearest.business_id;
end;
$$;

comment on function directory.find_nearby_businesses(
  extensions.geography, int, int, double precision, double precision
) is
  'Visible businesses within a radius, nearest first. Parameters: the place as longitude and '
  'latitude in degrees (user_location for callers in SQL), the radius in metres, how many '
  'results, 1 to 100. distance_meters is geodesic on WGS 84; bearing_degrees runs clockwise from '
  'north and is null at the place itself. Raises PL101 without a place, PL102 to PL104 for a '
  'wrong place or number.';

grant execute on function directory.find_nearby_businesses(
  extensions.geography, int, int, double precision, double precision
) to anon, authenticated, service_role;
