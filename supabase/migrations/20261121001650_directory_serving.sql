-- Who comes to a place: businesses whose drawn areas cover it, and those without an area that reach
-- it by their radius. Both are found through indexes.

create function directory_internal.served_box(
  longitude double precision,
  latitude double precision,
  radius_miles int
)
returns box
language sql
immutable
parallel safe
strict
security invoker
set search_path = ''
as $$
  select box(
    directory_internal.mercator(
      longitude - around.longitudes, greatest(-90, latitude - around.latitudes)
    ),
    directory_internal.mercator(
      longitude + around.longitudes, least(90, latitude + around.latitudes)
    )
  )
  from (
    select
      reach.degrees as latitudes,
      -- a circle with a pole in it touches every meridian
      case
        when abs(latitude) + reach.degrees >= 90 then 360
        else asind(least(1, sind(reach.degrees) / cosd(latitude)))
      end as longitudes
    -- a degree of latitude is at least 110.5 km; one per cent more covers sphere and spheroid
    from (select 1.01 * radius_miles * 1609.344 / 110500 as degrees) as reach
  ) as around;
$$;

comment on function directory_internal.served_box(double precision, double precision, int) is
  'A box in the Mercator plane that holds everything within the radius of a place: for an index. '
  'Parameters: the place in degrees, the radius in miles.';

create index businesses_served_box_idx on directory.businesses
  using gist (directory_internal.served_box(longitude, latitude, service_area_radius_miles))
  where service_area_radius_miles is not null;

-- Definer: the policies of areas and businesses look at the row, and no index answers a condition
-- that has to wait for them. It takes nothing from the caller but what to look for, and tells of
-- businesses that stand in directory.listings only, which everybody reads.
create function directory_internal.serving(
  place extensions.geography,
  category_filter uuid,
  limit_count int
)
returns table (
  business_id uuid,
  distance double precision,
  area_name text,
  delivery_fee numeric,
  minimum_order numeric,
  estimated_time_minutes int
)
language plpgsql
stable
parallel safe
rows 100
security definer
set search_path = ''
set plan_cache_mode = 'force_custom_plan'
as $$
#variable_conflict use_column
declare
  equator constant double precision := 2 * pi() * 6378137;
  meters_per_mile constant double precision := double precision '1609.344';
  origin constant point := directory_internal.mercator(
    extensions.st_x(place::extensions.geometry), extensions.st_y(place::extensions.geometry)
  );
  -- across the 180th meridian the plane is torn, so the origin stands on both sides
  beyond constant point := point(origin[0] - sign(origin[0]) * equator, origin[1]);
begin
  return query
  with drawn as (
    select distinct on (service_areas.business_id) service_areas.*
    from directory.service_areas
    where extensions.st_covers(service_areas.area, place)
    order by
      service_areas.business_id, service_areas.delivery_fee, service_areas.minimum_order,
      service_areas.estimated_time_minutes, service_areas.id
  ),
  around as (
    select reaching.id, reaching.distance
    from (
      -- in order before anything else is asked of them: a town has thousands, the answer a page
      select businesses.id, extensions.st_distance(businesses.location, place) as distance
      from directory.businesses
      where businesses.service_area_radius_miles is not null
        and (
          directory_internal.served_box(
            businesses.longitude, businesses.latitude, businesses.service_area_radius_miles
          ) operator(pg_catalog.@>) box(origin, origin)
          or directory_internal.served_box(
            businesses.longitude, businesses.latitude, businesses.service_area_radius_miles
          ) operator(pg_catalog.@>) box(beyond, beyond)
        )
        and extensions.st_dwithin(
          businesses.location, place, businesses.service_area_radius_miles * meters_per_mile
        )
      order by 2, 1
      offset 0
    ) as reaching
    join directory.listings on listings.business_id = reaching.id
    where (listings.visible_until is null or listings.visible_until > now())
      and (category_filter is null or listings.category_ids @> array[category_filter])
      and not exists (
        select 1
        from directory.service_areas
        where service_areas.business_id = reaching.id
      )
    order by 2, 1
    limit limit_count
  )
  select served.*
  from (
    select
      drawn.business_id, extensions.st_distance(listings.location, place) as distance,
      drawn.area_name, drawn.delivery_fee, drawn.minimum_order, drawn.estimated_time_minutes
    from drawn
    join directory.listings on listings.business_id = drawn.business_id
    where (listings.visible_until is null or listings.visible_until > now())
      and (category_filter is null or listings.category_ids @> array[category_filter])
    union all
    select around.id, around.distance, null, null, null, null from around
  ) as served
  order by 2, 1
  limit limit_count;
end;
$$;

comment on function directory_internal.serving(extensions.geography, uuid, int) is
  'Body of directory.businesses_serving(): the nearest visible businesses that serve the place, '
  'with their distance in metres and the best terms among their areas (null for a radius).';

create function directory.businesses_serving(
  longitude double precision default null,
  latitude double precision default null,
  category_filter uuid default null,
  limit_count int default 50,
  user_location extensions.geography default null
)
returns table (
  id uuid,
  name text,
  slug text,
  distance_meters double precision,
  city text,
  state text,
  category_id uuid,
  category_name text,
  avg_rating numeric,
  review_count int,
  area_name text,
  delivery_fee numeric,
  minimum_order numeric,
  estimated_time_minutes int,
  longitude_degrees double precision,
  latitude_degrees double precision
)
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
#variable_conflict use_column
declare
  place constant extensions.geography := directory_internal.place(
    businesses_serving.longitude, businesses_serving.latitude, businesses_serving.user_location
  );
begin
  if place is null then
    perform private.fail('PL101');
  end if;
  perform directory_internal.check_range('limit_count', limit_count, 1,
    directory_internal.setting('page_size_maximum'));
  perform directory_internal.check_category(category_filter);

  return query
  select
    serving.business_id, listings.name, listings.slug, serving.distance, listings.city,
    listings.state, listings.category_id, categories.name, listings.avg_rating,
    listings.review_count, serving.area_name, serving.delivery_fee, serving.minimum_order,
    serving.estimated_time_minutes, listings.longitude, listings.latitude
  from directory_internal.serving(place, category_filter, limit_count) as serving
  join directory.listings on listings.business_id = serving.business_id
  left join directory.categories on categories.id = listings.category_id
  order by serving.distance, serving.business_id;
end;
$$;

comment on function directory.businesses_serving(
  double precision, double precision, uuid, int, extensions.geography
) is
  'Visible businesses that serve a place, nearest first: in_service_area() is true for each. '
  'Parameters: the place as longitude and latitude in degrees (user_location for callers in SQL); '
  'a category, which includes all below it; how many results, 1 to 100. Fee, minimum order and '
  'minutes are those of the drawn area that covers the place, the cheapest where several do; null '
  'where the business serves a radius. Distance and place are null for a business without a place '
  'of its own. Raises PL101 without a place, PL102 to PL104 for a wrong place or number, PL123 for '
  'an unknown category.';

grant execute on function
  directory.businesses_serving(
    double precision, double precision, uuid, int, extensions.geography
  ),
  directory_internal.serving(extensions.geography, uuid, int)
  to anon, authenticated, service_role;
-- the index calls it by the right of who writes a business
grant execute on function
  directory_internal.served_box(double precision, double precision, int)
  to authenticated, service_role;
