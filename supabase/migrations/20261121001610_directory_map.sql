-- What a map shows: single businesses where they are few, else clusters on a grid. The counts of
-- its cells are kept, because a view of a country would have to read every listing in it. Like
-- those of categories they are append-only deltas that a job folds, and a read adds both.

create table directory_internal.map_cells (
  level int not null,
  x int not null,
  y int not null,
  business_count int not null,
  x_total bigint not null,
  y_total bigint not null,
  primary key (level, x, y)
);

-- what a fold leaves empty, and drops
create index map_cells_level_x_y_idx on directory_internal.map_cells (level, x, y)
  where business_count = 0;

comment on table directory_internal.map_cells is
  'How many listings stand in each cell of the map. Written by '
  'directory_internal.fold_map_counts() alone.';
comment on column directory_internal.map_cells.level is
  'The plane is 2^level cells wide and high: the tiles of web maps. Levels of map_levels().';
comment on column directory_internal.map_cells.x is 'Column, from 0 at 180 degrees west.';
comment on column directory_internal.map_cells.y is 'Row, from 0 in the north.';
comment on column directory_internal.map_cells.x_total is
  'Sum of the Mercator coordinates in whole metres: with the count, the centre.';

create table directory_internal.map_cell_deltas (
  id bigint generated always as identity primary key,
  level int not null,
  x int not null,
  y int not null,
  business_count int not null,
  x_total bigint not null,
  y_total bigint not null
);

create index map_cell_deltas_level_x_y_idx on directory_internal.map_cell_deltas (level, x, y);

comment on table directory_internal.map_cell_deltas is
  'Changes of directory_internal.map_cells that are not folded yet.';

create function directory_internal.map_levels()
returns int[]
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select array[3, 6, 9, 12, 15, 18];
$$;

comment on function directory_internal.map_levels() is
  'Levels of the grid whose counts are kept; those between are made from the next finer one.';

create function directory_internal.map_cell(coordinate double precision, level int)
returns int
language sql
immutable
parallel safe
strict
security invoker
set search_path = ''
as $$
  select greatest(
    0,
    least(
      (2 ^ level)::int - 1,
      floor((coordinate / (2 * pi() * 6378137) + 0.5) * 2 ^ level)::int
    )
  );
$$;

comment on function directory_internal.map_cell(double precision, int) is
  'Column of a Mercator x on the grid of a level, 0 to 24, or row of a y with its sign turned.';

-- For many places at once: a function that pins its path is not inlined, and a call for each would
-- cost more than all the rest.
create function directory_internal.on_map(
  longitudes double precision[],
  latitudes double precision[]
)
returns table (
  place bigint,
  x int,
  y int,
  x_meters bigint,
  y_meters bigint
)
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select
    plane.place,
    least(2 ^ 24 - 1, floor((plane.longitude / 360 + 0.5) * 2 ^ 24))::int,
    floor((0.5 - plane.north / (2 * pi())) * 2 ^ 24)::int,
    round(6378137 * radians(plane.longitude))::bigint,
    round(6378137 * plane.north)::bigint
  from (
    select
      given.place,
      given.longitude,
      ln(tan(pi() / 4 + radians(greatest(-85, least(85, given.latitude))) / 2)) as north
    from unnest(longitudes, latitudes) with ordinality as given (longitude, latitude, place)
    where given.longitude is not null
    -- computed once, not wherever it is used
    offset 0
  ) as plane;
$$;

comment on function directory_internal.on_map(double precision[], double precision[]) is
  'Columns and rows on the grid of level 24, and Mercator coordinates in whole metres, of places '
  'in degrees, with their number in the list; those without a longitude are left out. On level n, '
  'less than 24, column and row are those shifted right by 24 - n bits.';

create function directory_internal.count_on_map(
  longitudes double precision[],
  latitudes double precision[],
  change int
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  insert into directory_internal.map_cell_deltas (
    level, x, y, business_count, x_total, y_total
  )
  select
    kept.level, on_map.x >> (24 - kept.level), on_map.y >> (24 - kept.level),
    change * count(*), change * sum(on_map.x_meters), change * sum(on_map.y_meters)
  from directory_internal.on_map(longitudes, latitudes)
  cross join unnest(directory_internal.map_levels()) as kept (level)
  group by 1, 2, 3;
$$;

comment on function directory_internal.count_on_map(
  double precision[], double precision[], int
) is
  'Notes listings that came (change 1) or went (-1) at places in degrees.';

create function directory_internal.listings_mapped()
returns trigger
language plpgsql
volatile
security definer -- the writer has no right on the deltas
set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    perform directory_internal.count_on_map(
      array_agg(changed_rows.longitude), array_agg(changed_rows.latitude), 1
    )
    from changed_rows;
  elsif tg_op = 'DELETE' then
    perform directory_internal.count_on_map(
      array_agg(old_rows.longitude), array_agg(old_rows.latitude), -1
    )
    from old_rows;
  else
    -- most updates are of ratings and texts, and move nothing
    perform
      directory_internal.count_on_map(
        array_agg(old_rows.longitude), array_agg(old_rows.latitude), -1
      ),
      directory_internal.count_on_map(
        array_agg(changed_rows.longitude), array_agg(changed_rows.latitude), 1
      )
    from changed_rows
    join old_rows on old_rows.business_id = changed_rows.business_id
    where (changed_rows.longitude, changed_rows.latitude)
      is distinct from (old_rows.longitude, old_rows.latitude)
    having count(*) > 0;
  end if;
  return null;
end;
$$;

comment on function directory_internal.listings_mapped() is
  'Trigger function, after statement: notes which cells of the map gained or lost a listing.';

create trigger listings_map_insert
  after insert on directory.listings
  referencing new table as changed_rows
  for each statement execute function directory_internal.listings_mapped();

create trigger listings_map_update
  after update on directory.listings
  referencing old table as old_rows new table as changed_rows
  for each statement execute function directory_internal.listings_mapped();

create trigger listings_map_delete
  after delete on directory.listings
  referencing old table as old_rows
  for each statement execute function directory_internal.listings_mapped();

create function directory_internal.fold_map_counts()
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  size constant int := directory_internal.setting('map_fold_batch')::int;
  folded int;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('directory.fold_map_counts', 0)) then
    return false;
  end if;

  with taken as (
    delete from directory_internal.map_cell_deltas
    where map_cell_deltas.id in (
      select waiting.id
      from directory_internal.map_cell_deltas as waiting
      order by waiting.id
      limit size
    )
    returning map_cell_deltas.*
  ),
  written as (
    insert into directory_internal.map_cells as cells (
      level, x, y, business_count, x_total, y_total
    )
    select
      taken.level, taken.x, taken.y, sum(taken.business_count), sum(taken.x_total),
      sum(taken.y_total)
    from taken
    group by taken.level, taken.x, taken.y
    order by taken.level, taken.x, taken.y
    on conflict on constraint map_cells_pkey do update
    set
      business_count = cells.business_count + excluded.business_count,
      x_total = cells.x_total + excluded.x_total,
      y_total = cells.y_total + excluded.y_total
  )
  select count(*) into folded from taken;

  delete from directory_internal.map_cells
  where map_cells.business_count = 0 and map_cells.x_total = 0 and map_cells.y_total = 0;
  return folded = size;
end;
$$;

comment on function directory_internal.fold_map_counts() is
  'Adds the oldest deltas, at most directory.map_fold_batch, to the cells of the map, and drops '
  'cells that are empty. Returns whether more may wait; false while another fold runs. Scheduled '
  'each minute.';

create function directory_internal.recount_map()
returns int
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  repaired int;
begin
  perform pg_advisory_xact_lock(hashtextextended('directory.fold_map_counts', 0));
  -- one statement: listings, cells and deltas are those of one moment, and nobody has to wait
  insert into directory_internal.map_cell_deltas (
    level, x, y, business_count, x_total, y_total
  )
  select drift.level, drift.x, drift.y, drift.business_count, drift.x_total, drift.y_total
  from directory_internal.map_drift() as drift;
  get diagnostics repaired = row_count;
  return repaired;
end;
$$;

comment on function directory_internal.recount_map() is
  'Repairs the counts of the map from the listings. Returns how many cells were wrong: 0 unless '
  'somebody wrote past the triggers.';

create function directory_internal.map_drift()
returns table (
  level int,
  x int,
  y int,
  business_count bigint,
  x_total numeric,
  y_total numeric
)
language sql
stable
security invoker
set search_path = ''
as $$
  select
    parts.level, parts.x, parts.y, sum(parts.business_count), sum(parts.x_total),
    sum(parts.y_total)
  from (
    select
      grid.level,
      on_map.x >> (24 - grid.level) as x,
      on_map.y >> (24 - grid.level) as y,
      count(*) as business_count,
      sum(on_map.x_meters) as x_total,
      sum(on_map.y_meters) as y_total
    from (
      select
        array_agg(listings.longitude) as longitudes,
        array_agg(listings.latitude) as latitudes
      from directory.listings
    ) as places
    cross join lateral directory_internal.on_map(places.longitudes, places.latitudes)
    cross join unnest(directory_internal.map_levels()) as grid (level)
    group by 1, 2, 3
    union all
    select
      kept.level, kept.x, kept.y, -kept.business_count, -kept.x_total, -kept.y_total
    from directory_internal.map_cells as kept
    union all
    select
      pending.level, pending.x, pending.y, -pending.business_count, -pending.x_total,
      -pending.y_total
    from directory_internal.map_cell_deltas as pending
  ) as parts
  group by parts.level, parts.x, parts.y
  having (sum(parts.business_count), sum(parts.x_total), sum(parts.y_total)) <> (0, 0, 0);
$$;

comment on function directory_internal.map_drift() is
  'Cells of the map whose count or centre is not that of the listings, with what is missing.';

create function directory_internal.map_view(bbox double precision[])
returns box[]
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
declare
  width double precision;
  west double precision;
  north constant double precision := bbox[4];
  south constant double precision := bbox[2];
begin
  -- one after the other: array_position() fails for more than one dimension
  if array_ndims(bbox) is distinct from 1 or cardinality(bbox) <> 4 or array_lower(bbox, 1) <> 1
  then
    perform private.fail('PL197');
  end if;
  if array_position(bbox, null) is not null then
    perform private.fail('PL197');
  end if;
  -- a map that was turned around the globe goes on counting
  perform directory_internal.check_range('west', bbox[1]::numeric, -540, 540);
  perform directory_internal.check_range('south', south::numeric, -90, 90);
  perform directory_internal.check_range('east', bbox[3]::numeric, -540, 540);
  perform directory_internal.check_range('north', north::numeric, -90, 90);
  if south > north then
    perform private.fail('PL197');
  end if;

  width := bbox[3] - bbox[1];
  -- east of less than west: the view lies across the 180th meridian
  if width < 0 then
    width := width + 360 * ceil(-width / 360);
  end if;
  if width >= 360 then
    return array[
      box(
        directory_internal.mercator(-180, south), directory_internal.mercator(180, north)
      )
    ];
  end if;
  west := bbox[1] - 360 * floor((bbox[1] + 180) / 360);
  if west + width <= 180 then
    return array[
      box(
        directory_internal.mercator(west, south),
        directory_internal.mercator(west + width, north)
      )
    ];
  end if;
  return array[
    box(directory_internal.mercator(west, south), directory_internal.mercator(180, north)),
    box(
      directory_internal.mercator(-180, south),
      directory_internal.mercator(west + width - 360, north)
    )
  ];
end;
$$;

comment on function directory_internal.map_view(double precision[]) is
  'A view as one box in the Mercator plane, or two where it lies across the 180th meridian. '
  'Parameter: west, south, east and north in degrees. Raises PL104 out of range, PL197 for what is '
  'no such list.';

create function directory.businesses_in_view(
  bbox double precision[],
  zoom double precision,
  limit_count int default 200
)
returns table (
  business_count int,
  longitude_degrees double precision,
  latitude_degrees double precision,
  bounds double precision[],
  id uuid,
  name text,
  slug text,
  category_id uuid,
  category_name text,
  avg_rating numeric,
  review_count int
)
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
-- the plan depends on the boxes and on how many rows are asked for
set plan_cache_mode = 'force_custom_plan'
as $$
#variable_conflict use_column
declare
  boxes constant box[] := directory_internal.map_view(bbox);
  columns_maximum constant int := directory_internal.setting('map_columns_maximum')::int;
  equator constant double precision := 2 * pi() * 6378137;
  ids uuid[];
  kept_level int;
  shown_level int;
  -- the cells in view, column by column
  xs int[];
  ys int[];
  counts int[];
  x_totals bigint[];
  y_totals bigint[];
  coarser int := 0;
  cells_wide double precision;
begin
  perform directory_internal.check_range('zoom', zoom::numeric, 0, 24);
  perform directory_internal.check_range('limit_count', limit_count, 1,
    directory_internal.setting('map_limit_maximum'));

  ids := array(
    (
      select listings.business_id
      from directory.listings
      where directory_internal.mercator(listings.longitude, listings.latitude)
          operator(pg_catalog.<@) boxes[1]
        and (listings.visible_until is null or listings.visible_until > now())
      limit limit_count + 1
    )
    union
    (
      select listings.business_id
      from directory.listings
      where directory_internal.mercator(listings.longitude, listings.latitude)
          operator(pg_catalog.<@) boxes[2]
        and (listings.visible_until is null or listings.visible_until > now())
      limit limit_count + 1
    )
  );
  if cardinality(ids) <= limit_count then
    return query
    select
      1, listings.longitude, listings.latitude,
      array[listings.longitude, listings.latitude, listings.longitude, listings.latitude],
      listings.business_id, listings.name, listings.slug, listings.category_id, categories.name,
      listings.avg_rating, listings.review_count
    from directory.listings
    left join directory.categories on categories.id = listings.category_id
    where listings.business_id = any (ids)
    order by listings.popularity desc, listings.business_id;
    return;
  end if;

  -- cells of 64 pixels: a tile of 256 has 4 of them to a side. A wide view that claims to be near
  -- gets no more cells than a screen holds.
  select least(
    floor(zoom) + 2,
    max(kept.level),
    floor(
      ln(
        columns_maximum * equator
        / nullif(greatest(width(boxes[1]) + coalesce(width(boxes[2]), 0), height(boxes[1])), 0)
      ) / ln(2)
    )
  )::int
  into shown_level
  from unnest(directory_internal.map_levels()) as kept (level);
  select min(kept.level) into kept_level
  from unnest(directory_internal.map_levels()) as kept (level)
  where kept.level >= shown_level;

  select
    array_agg(cells.x), array_agg(cells.y), array_agg(cells.business_count),
    array_agg(cells.x_total), array_agg(cells.y_total)
  into xs, ys, counts, x_totals, y_totals
  from (
    select
      parts.x >> (kept_level - shown_level) as x,
      parts.y >> (kept_level - shown_level) as y,
      sum(parts.business_count)::int as business_count,
      sum(parts.x_total)::bigint as x_total,
      sum(parts.y_total)::bigint as y_total
    from (
      select
        directory_internal.map_cell((views.part[1])[0], kept_level) as x_from,
        directory_internal.map_cell((views.part[0])[0], kept_level) as x_to,
        directory_internal.map_cell(-(views.part[0])[1], kept_level) as y_from,
        directory_internal.map_cell(-(views.part[1])[1], kept_level) as y_to,
        views.place
      from unnest(boxes) with ordinality as views (part, place)
    ) as ranges
    cross join lateral (
      select
        map_cells.x, map_cells.y, map_cells.business_count, map_cells.x_total,
        map_cells.y_total
      from directory_internal.map_cells
      where map_cells.level = kept_level
        and map_cells.x between ranges.x_from and ranges.x_to
        and map_cells.y between ranges.y_from and ranges.y_to
      union all
      select
        map_cell_deltas.x, map_cell_deltas.y, map_cell_deltas.business_count,
        map_cell_deltas.x_total, map_cell_deltas.y_total
      from directory_internal.map_cell_deltas
      where map_cell_deltas.level = kept_level
        and map_cell_deltas.x between ranges.x_from and ranges.x_to
        and map_cell_deltas.y between ranges.y_from and ranges.y_to
      union all
      -- a suspension that has begun and is not written down yet
      select hidden.x, hidden.y, -1, -hidden.x_meters, -hidden.y_meters
      from (
        select
          on_map.x >> (24 - kept_level) as x, on_map.y >> (24 - kept_level) as y,
          on_map.x_meters, on_map.y_meters
        from (
          select
            array_agg(listings.longitude) as longitudes,
            array_agg(listings.latitude) as latitudes
          from directory.listings
          where listings.visible_until <= now()
        ) as ended
        cross join lateral directory_internal.on_map(ended.longitudes, ended.latitudes)
      ) as hidden
      where hidden.x between ranges.x_from and ranges.x_to
        and hidden.y between ranges.y_from and ranges.y_to
    ) as parts
    -- a view around almost the whole globe has one column of cells at both of its ends
    where ranges.place = 1
      or parts.x < directory_internal.map_cell(((boxes[1])[1])[0], kept_level)
    group by 1, 2
    having sum(parts.business_count) > 0
  ) as cells;

  -- the finest grid on which no more than the limit stand
  while (
    select count(*)
    from (
      select distinct cells.x >> coarser, cells.y >> coarser from unnest(xs, ys) as cells (x, y)
    ) as standing
  ) > limit_count
  loop
    coarser := coarser + 1;
  end loop;

  cells_wide := 2 ^ (shown_level - coarser);
  return query
  with clusters as (
    select
      cells.x >> coarser as x,
      cells.y >> coarser as y,
      sum(cells.business_count)::int as business_count,
      point(
        sum(cells.x_total)::double precision / sum(cells.business_count),
        sum(cells.y_total)::double precision / sum(cells.business_count)
      ) as centre
    from unnest(xs, ys, counts, x_totals, y_totals)
      as cells (x, y, business_count, x_total, y_total)
    group by 1, 2
  )
  select
    clusters.business_count,
    -- the centre of one is the place itself, without the rounding to metres
    case
      when clusters.business_count = 1 then coalesce(sample.longitude, centre.longitude)
      else centre.longitude
    end,
    case
      when clusters.business_count = 1 then coalesce(sample.latitude, centre.latitude)
      else centre.latitude
    end,
    array[
      (clusters.x / cells_wide - 0.5) * 360,
      degrees(2 * atan(exp(pi() * (1 - 2 * (clusters.y + 1) / cells_wide)))) - 90,
      ((clusters.x + 1) / cells_wide - 0.5) * 360,
      degrees(2 * atan(exp(pi() * (1 - 2 * clusters.y / cells_wide)))) - 90
    ],
    sample.business_id, sample.name, sample.slug, sample.category_id, categories.name,
    sample.avg_rating, sample.review_count
  from clusters
  cross join lateral (
    select
      degrees(clusters.centre[0] / 6378137) as longitude,
      degrees(2 * atan(exp(clusters.centre[1] / 6378137))) - 90 as latitude
  ) as centre
  -- the one nearest to the centre
  left join lateral (
    select listings.*
    from directory.listings
    where directory_internal.mercator(listings.longitude, listings.latitude)
        operator(pg_catalog.<@) box(
          point(
            (clusters.x / cells_wide - 0.5) * equator, (0.5 - clusters.y / cells_wide) * equator
          ),
          point(
            ((clusters.x + 1) / cells_wide - 0.5) * equator,
            (0.5 - (clusters.y + 1) / cells_wide) * equator
          )
        )
      and (listings.visible_until is null or listings.visible_until > now())
    order by directory_internal.mercator(listings.longitude, listings.latitude)
      operator(pg_catalog.<->) clusters.centre
    limit 1
  ) as sample on true
  left join directory.categories on categories.id = sample.category_id
  order by clusters.business_count desc, clusters.x, clusters.y;
end;
$$;

comment on function directory.businesses_in_view(double precision[], double precision, int) is
  'What a map shows of the visible businesses. Parameters: bbox as west, south, east and north in '
  'degrees, west greater than east across the 180th meridian; the zoom of the map, 0 to 24; how '
  'many rows, 1 to directory.map_limit_maximum. Where no more businesses than that are in view '
  'each is a row with business_count 1. Else they are counted on the grid of web tiles, in cells '
  'of about 64 pixels (at least some 150 m at the equator) or, where those are too many, the '
  'largest that are not: a row is a cell with its count, the centre of its businesses, bounds of '
  'the cell as west, south, east and north (zoom there to open it), and one business as a '
  'sample. At the edge of the view a cell counts what lies beyond the edge too. Businesses come by '
  'popularity, cells by their count. Raises PL104 for a number out of range, PL197 for what is no '
  'box.';

create function directory.businesses_in_view_geojson(
  bbox double precision[],
  zoom double precision,
  limit_count int default 200
)
returns jsonb
language sql
stable
parallel safe
security invoker
set search_path = ''
as $$
  select jsonb_build_object(
    'type', 'FeatureCollection',
    'features', coalesce(
      jsonb_agg(
        jsonb_build_object(
          'type', 'Feature',
          'geometry', jsonb_build_object(
            'type', 'Point',
            'coordinates', jsonb_build_array(found.longitude_degrees, found.latitude_degrees)
          ),
          'properties', jsonb_build_object(
            'id', found.id,
            'name', found.name,
            'slug', found.slug,
            'category_id', found.category_id,
            'category', found.category_name,
            'avg_rating', found.avg_rating,
            'review_count', found.review_count
          )
          || case
            when found.business_count > 1 then jsonb_build_object(
              'cluster', true, 'point_count', found.business_count, 'bounds', found.bounds
            )
            else '{}'
          end
        )
        order by found.ordinality
      ),
      '[]'
    )
  )
  from directory.businesses_in_view(
    businesses_in_view_geojson.bbox, businesses_in_view_geojson.zoom,
    businesses_in_view_geojson.limit_count
  ) with ordinality as found;
$$;

comment on function directory.businesses_in_view_geojson(
  double precision[], double precision, int
) is
  'The rows of businesses_in_view(), with its parameters and errors, as a GeoJSON '
  'FeatureCollection of points that a map library takes as it is. A cluster has the properties '
  'cluster (true), point_count and bounds, as Supercluster names them, and describes its sample; a '
  'single business has none of the three.';

select private.define_error('PL197', 400, 'That is no box on the map.',
  'Send west, south, east and north in degrees, with south below north.');

select ops.define_setting('directory.map_limit_maximum', '500',
  'Most businesses or clusters that one view of the map holds.', 200, 5000);
select ops.define_setting('directory.map_columns_maximum', '64',
  'Most cells of the map that one view is wide or high, before it is told in larger ones.', 8, 256);
select ops.define_setting('directory.map_fold_batch', '20000',
  'Changes of the counts of the map that one step of the fold takes.', 1, 1000000);

alter table directory_internal.map_cells enable row level security;
alter table directory_internal.map_cell_deltas enable row level security;

create policy map_cells_select_all on directory_internal.map_cells
  for select
  to anon, authenticated
  using (true);

create policy map_cell_deltas_select_all on directory_internal.map_cell_deltas
  for select
  to anon, authenticated
  using (true);

grant select on directory_internal.map_cells, directory_internal.map_cell_deltas
  to anon, authenticated, service_role;
grant execute on function
  directory.businesses_in_view(double precision[], double precision, int),
  directory.businesses_in_view_geojson(double precision[], double precision, int),
  directory_internal.map_levels(),
  directory_internal.map_cell(double precision, int),
  directory_internal.map_view(double precision[]),
  directory_internal.on_map(double precision[], double precision[])
  to anon, authenticated, service_role;
