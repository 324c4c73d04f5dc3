-- Service areas as GeoJSON, the form in which maps draw them: written by who looks after a
-- business, read by everyone.

create function directory_internal.read_area(area jsonb)
returns extensions.geography
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  shape constant jsonb := case
    when area ->> 'type' = 'Feature' then area -> 'geometry'
    else area
  end;
  geometry extensions.geometry;
begin
  if jsonb_typeof(shape) is distinct from 'object'
    or coalesce(shape ->> 'type', '') not in ('Polygon', 'MultiPolygon')
    -- PostGIS reads a word as 0
    or jsonb_path_exists(
      shape, 'strict $.coordinates.** ? (@.type() != "array" && @.type() != "number")',
      silent => true
    )
  then
    perform private.fail('PL199');
  end if;
  begin
    geometry := extensions.st_multi(
      extensions.st_setsrid(
        extensions.st_force2d(extensions.st_geomfromgeojson(shape)), 4326
      )
    );
  exception
    -- what PostGIS says to coordinates that are none, and to a ring that does not close
    when internal_error or data_exception then
      perform private.fail('PL199');
  end;
  -- checked here: a geography silently folds 91 degrees to 89
  if extensions.st_isempty(geometry)
    or not extensions.st_isvalid(geometry)
    or extensions.st_xmin(geometry::extensions.box3d) < -180
    or extensions.st_xmax(geometry::extensions.box3d) > 180
    or extensions.st_ymin(geometry::extensions.box3d) < -90
    or extensions.st_ymax(geometry::extensions.box3d) > 90
  then
    perform private.fail('PL199');
  end if;
  return geometry::extensions.geography;
end;
$$;

comment on function directory_internal.read_area(jsonb) is
  'An area from GeoJSON: a polygon, a multipolygon, or a feature with one. Raises PL199 for '
  'anything else, for rings that cross themselves and for places that are not on the globe.';

create function directory.save_service_area(
  business_uuid uuid,
  area jsonb,
  area_name text default null,
  delivery_fee numeric default null,
  minimum_order numeric default null,
  estimated_time_minutes int default null,
  area_id uuid default null
)
returns uuid
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  shape constant extensions.geography := directory_internal.read_area(save_service_area.area);
  saved_id uuid;
begin
  if area_id is null then
    insert into directory.service_areas (
      business_id, area, area_name, delivery_fee, minimum_order, estimated_time_minutes
    )
    values (
      business_uuid, shape, save_service_area.area_name, save_service_area.delivery_fee,
      save_service_area.minimum_order, save_service_area.estimated_time_minutes
    )
    returning service_areas.id into saved_id;
    return saved_id;
  end if;

  update directory.service_areas
  set
    area = shape,
    area_name = save_service_area.area_name,
    delivery_fee = save_service_area.delivery_fee,
    minimum_order = save_service_area.minimum_order,
    estimated_time_minutes = save_service_area.estimated_time_minutes
  where service_areas.id = save_service_area.area_id
    and service_areas.business_id = business_uuid
  returning service_areas.id into saved_id;
  if saved_id is null then
    perform private.fail('PT404', 'Service area ' || save_service_area.area_id::text);
  end if;
  return saved_id;
end;
$$;

comment on function directory.save_service_area(
  uuid, jsonb, text, numeric, numeric, int, uuid
) is
  'Draws an area of a business, or changes one as a whole. Parameters: the business; the area as '
  'GeoJSON (polygon, multipolygon or a feature with one, degrees, WGS 84); its name; fee and '
  'minimum order in the currency of the business; minutes from order to arrival; the area to '
  'change, null for a new one. Returns the id of the area. Raises PL199 for what is no area, PT404 '
  'for an area that is not one of the caller''s business, 42501 for somebody who does not look '
  'after the business, 23514 for a negative number, too long a name or more than 10,000 points.';

create function directory.service_areas_geojson(business_uuid uuid)
returns jsonb
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
begin
  if not exists (
    select 1 from directory.businesses where businesses.id = service_areas_geojson.business_uuid
  )
  then
    perform private.fail('PT404', 'Business ' || coalesce(business_uuid::text, 'null'));
  end if;
  return jsonb_build_object(
    'type', 'FeatureCollection',
    'features', coalesce(
      (
        select jsonb_agg(
          jsonb_build_object(
            'type', 'Feature',
            'id', service_areas.id,
            'geometry', extensions.st_asgeojson(service_areas.area, 7)::jsonb,
            'properties', jsonb_build_object(
              'area_name', service_areas.area_name,
              'delivery_fee', service_areas.delivery_fee,
              'minimum_order', service_areas.minimum_order,
              'estimated_time_minutes', service_areas.estimated_time_minutes
            )
          )
          order by service_areas.created_at, service_areas.id
        )
        from directory.service_areas
        where service_areas.business_id = service_areas_geojson.business_uuid
      ),
      '[]'
    )
  );
end;
$$;

comment on function directory.service_areas_geojson(uuid) is
  'The drawn areas of a business as a GeoJSON FeatureCollection, with their terms as properties; '
  'no feature where it serves a radius. Raises PT404 for a business that is not visible.';

select private.define_error('PL199', 400, 'That is no area on the globe.',
  'Send a GeoJSON Polygon or MultiPolygon, in degrees, with closed rings that do not cross.');

grant execute on function directory.service_areas_geojson(uuid)
  to anon, authenticated, service_role;
grant execute on function
  directory.save_service_area(uuid, jsonb, text, numeric, numeric, int, uuid),
  directory_internal.read_area(jsonb)
  to authenticated, service_role;
