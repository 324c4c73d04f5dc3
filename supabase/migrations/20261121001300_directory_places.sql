-- Where a business delivers or travels to: drawn areas, each with its own terms.

create table directory.service_areas (
  id uuid primary key default gen_random_uuid(),
  business_id uuid not null
    constraint service_areas_business_id_fkey
    references directory.businesses (id) on delete cascade,
  area extensions.geography(multipolygon, 4326) not null,
  area_name text,
  delivery_fee numeric(10, 2),
  minimum_order numeric(10, 2),
  estimated_time_minutes int,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint service_areas_area_check check (
    not extensions.st_isempty(area::extensions.geometry)
    and extensions.st_isvalid(area::extensions.geometry)
  ),
  constraint service_areas_area_size_check check (
    extensions.st_npoints(area::extensions.geometry) <= 10000
  ),
  constraint service_areas_area_name_check check (char_length(area_name) <= 255),
  constraint service_areas_terms_check check (
    delivery_fee >= 0 and minimum_order >= 0 and estimated_time_minutes >= 0
  )
);

create index service_areas_business_id_idx on directory.service_areas (business_id);
create index service_areas_area_idx on directory.service_areas using gist (area);

comment on table directory.service_areas is 'Areas that a business serves.';
comment on column directory.service_areas.area is 'Multipolygon of at most 10,000 points, WGS 84.';
comment on column directory.service_areas.delivery_fee is 'In the currency of the business.';
comment on column directory.service_areas.minimum_order is 'In the currency of the business.';
comment on column directory.service_areas.estimated_time_minutes is
  'Minutes from order to arrival.';

-- Every RPC that takes a place accepts it as two numbers, which can be checked, and as a geography
-- for callers in SQL, where PostGIS has already folded what was out of range.
create function directory_internal.place(
  longitude double precision,
  latitude double precision,
  location extensions.geography default null
)
returns extensions.geography
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
begin
  if longitude is null and latitude is null then
    if extensions.geometrytype(place.location) <> 'POINT'
      or extensions.st_isempty(place.location::extensions.geometry)
    then
      perform private.fail('PL103');
    end if;
    return place.location;
  end if;
  if longitude is null or latitude is null then
    perform private.fail('PL102');
  end if;
  -- not between, and not less or greater: NaN compares above every number
  if not (longitude between -180 and 180) then
    perform private.fail('PL104', 'longitude', longitude::text, '-180', '180');
  end if;
  if not (latitude between -90 and 90) then
    perform private.fail('PL104', 'latitude', latitude::text, '-90', '90');
  end if;
  return extensions.st_setsrid(extensions.st_makepoint(longitude, latitude), 4326)
    ::extensions.geography;
end;
$$;

comment on function directory_internal.place(
  double precision, double precision, extensions.geography
) is
  'The point that a caller means: from longitude and latitude in degrees, else from the geography, '
  'else null. Raises PL102 for half a pair, PL103 for a geography that is no point, PL104 out of '
  'range.';

create function directory_internal.check_range(
  name text,
  given numeric,
  lowest numeric,
  highest numeric
)
returns void
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
begin
  if given is null or not (given between lowest and highest) then
    perform private.fail('PL104', name, coalesce(given::text, 'null'), lowest::text, highest::text);
  end if;
end;
$$;

comment on function directory_internal.check_range(text, numeric, numeric, numeric) is
  'Raises PL104 when the number is null or outside the range. Parameters: the name that the caller '
  'gave it, the number, the lowest and the highest allowed.';

create function directory.in_service_area(
  business_uuid uuid,
  user_location extensions.geography default null,
  longitude double precision default null,
  latitude double precision default null
)
returns boolean
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
declare
  place constant extensions.geography := directory_internal.place(
    in_service_area.longitude, in_service_area.latitude, in_service_area.user_location
  );
  meters_per_mile constant double precision := double precision '1609.344';
  business directory.businesses;
begin
  if place is null then
    perform private.fail('PL101');
  end if;
  select businesses.* into business
  from directory.businesses
  where businesses.id = in_service_area.business_uuid;
  if business.id is null then
    perform private.fail('PT404', 'Business ' || coalesce(business_uuid::text, 'null'));
  end if;

  if exists (
    select 1 from directory.service_areas where service_areas.business_id = business.id
  ) then
    return exists (
      select 1
      from directory.service_areas
      where service_areas.business_id = business.id
        and extensions.st_covers(service_areas.area, place)
    );
  end if;
  return coalesce(
    extensions.st_dwithin(
      business.location, place, business.service_area_radius_miles * meters_per_mile
    ),
    false
  );
end;
$$;

comment on function directory.in_service_area(
  uuid, extensions.geography, double precision, double precision
) is
  'True when the business serves the place: inside one of its drawn areas or, where none is '
  'drawn, within its radius. The place is longitude and latitude in degrees (user_location for '
  'callers in SQL). Raises PT404 for a business that is not visible, PL101 without a place, PL102 '
  'to PL104 for a wrong one.';

create trigger service_areas_set_updated_at
  before update on directory.service_areas
  for each row execute function private.set_updated_at();

select private.define_error('PL101', 400, 'A place is needed.',
  'Send longitude and latitude in degrees.');
select private.define_error('PL102', 400, 'Longitude and latitude belong together.',
  'Send both, or neither.');
select private.define_error('PL103', 400, 'The location is not a point.',
  'Send longitude and latitude in degrees instead.');
select private.define_error('PL104', 400, '%s %s is out of range: it goes from %s to %s.',
  'Choose a value inside the range.');

alter table directory.service_areas enable row level security;

create policy service_areas_select_all on directory.service_areas
  for select
  to anon, authenticated
  using (exists (select 1 from directory.businesses where businesses.id = business_id));

create policy service_areas_insert_managers on directory.service_areas
  for insert
  to authenticated
  with check (
    business_id = any (array(select directory_internal.managed_business_ids()))
    or (select private.has_any_role(array['admin', 'super_admin']))
  );

create policy service_areas_update_managers on directory.service_areas
  for update
  to authenticated
  using (
    business_id = any (array(select directory_internal.managed_business_ids()))
    or (select private.has_any_role(array['admin', 'super_admin']))
  )
  with check (
    business_id = any (array(select directory_internal.managed_business_ids()))
    or (select private.has_any_role(array['admin', 'super_admin']))
  );

create policy service_areas_delete_managers on directory.service_areas
  for delete
  to authenticated
  using (
    business_id = any (array(select directory_internal.managed_business_ids()))
    or (select private.has_any_role(array['admin', 'super_admin']))
  );

grant select on directory.service_areas to anon, authenticated, service_role;
grant
  insert (business_id, area, area_name, delivery_fee, minimum_order, estimated_time_minutes),
  update (area, area_name, delivery_fee, minimum_order, estimated_time_minutes),
  delete
  on directory.service_areas to authenticated;
grant insert, update, delete on directory.service_areas to service_role;
grant execute on function
  directory.in_service_area(uuid, extensions.geography, double precision, double precision),
  directory_internal.place(double precision, double precision, extensions.geography),
  directory_internal.check_range(text, numeric, numeric, numeric)
  to anon, authenticated, service_role;
