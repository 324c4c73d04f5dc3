-- What else somebody may like who looks at a business. Three short walks of indexes find
-- candidates; only those are weighed.

create index listings_category_id_city_idx
  on directory.listings (category_id, lower(city), popularity);
create index listings_category_id_popularity_idx
  on directory.listings (category_id, popularity);

create function directory.related_businesses(
  business_uuid uuid,
  limit_count int default 6
)
returns table (
  id uuid,
  name text,
  slug text,
  city text,
  state text,
  category_id uuid,
  category_name text,
  avg_rating numeric,
  review_count int,
  distance_meters double precision,
  logo_url text
)
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
-- the plan depends on how many rows are asked for
set plan_cache_mode = 'force_custom_plan'
as $$
#variable_conflict use_column
declare
  candidates constant int := directory_internal.setting('related_candidates')::int;
  near_meters constant double precision := directory_internal.setting('related_near_meters');
  category_weight constant double precision :=
    directory_internal.setting('related_weight_categories');
  nearness_weight constant double precision :=
    directory_internal.setting('related_weight_nearness');
  popularity_weight constant double precision :=
    directory_internal.setting('related_weight_popularity');
  own directory.listings;
  origin point;
begin
  perform directory_internal.check_range('limit_count', limit_count, 1,
    directory_internal.setting('page_size_maximum'));
  select listings.* into own
  from directory.listings
  where listings.business_id = business_uuid
    and (listings.visible_until is null or listings.visible_until > now());
  if own.business_id is null then
    perform private.fail('PT404', 'Business ' || coalesce(business_uuid::text, 'null'));
  end if;
  origin := directory_internal.mercator(own.longitude, own.latitude);

  return query
  with found as (
    -- the best known of its category in its city
    (
      select listings.business_id
      from directory.listings
      where listings.category_id = own.category_id
        and lower(listings.city) = lower(own.city)
        and (listings.visible_until is null or listings.visible_until > now())
      order by listings.popularity desc
      limit candidates
    )
    union
    -- and anywhere
    (
      select listings.business_id
      from directory.listings
      where listings.category_id = own.category_id
        and (listings.visible_until is null or listings.visible_until > now())
      order by listings.popularity desc
      limit candidates
    )
    union
    -- its neighbours, of which those count that share a category further up
    (
      select listings.business_id
      from directory.listings
      where origin is not null
        and (listings.visible_until is null or listings.visible_until > now())
      order by directory_internal.mercator(listings.longitude, listings.latitude)
        operator(pg_catalog.<->) origin
      limit candidates
    )
  ),
  weighed as (
    select
      listings.*,
      extensions.st_distance(listings.location, own.location) as distance,
      (
        select count(*)
        from unnest(listings.category_ids) as shared (id)
        where shared.id = any (own.category_ids)
      )::double precision / cardinality(own.category_ids) as kinship
    from found
    join directory.listings on listings.business_id = found.business_id
    where listings.business_id <> own.business_id
      and listings.category_ids && own.category_ids
  )
  select
    weighed.business_id, weighed.name, weighed.slug, weighed.city, weighed.state,
    weighed.category_id, categories.name, weighed.avg_rating, weighed.review_count,
    weighed.distance, weighed.logo_url
  from weighed
  left join directory.categories on categories.id = weighed.category_id
  order by
    category_weight * weighed.kinship
      + nearness_weight * coalesce(near_meters / (near_meters + weighed.distance), 0)
      + popularity_weight * weighed.popularity desc,
    weighed.business_id
  limit limit_count;
end;
$$;

comment on function directory.related_businesses(uuid, int) is
  'Visible businesses like one, the most alike first, never itself: each shares a category with '
  'it. They are weighed by the share of its categories that they have, by nearness and by '
  'popularity (settings directory.related_*). Parameters: the business; how many results, 1 to '
  '100. distance_meters is null where one of the two has no place. Raises PT404 for a business '
  'that is not visible, PL104 for a number out of range.';

select ops.define_setting('directory.related_candidates', '100',
  'Businesses that each of the three walks for related businesses takes.', 10, 1000);
select ops.define_setting('directory.related_near_meters', '10000',
  'Distance at which the nearness of a related business has fallen to a half, in metres.',
  1, 1000000);
select ops.define_setting('directory.related_weight_categories', '1',
  'Weight of shared categories among related businesses.', 0, 100);
select ops.define_setting('directory.related_weight_nearness', '1.5',
  'Weight of nearness among related businesses.', 0, 100);
select ops.define_setting('directory.related_weight_popularity', '0.4',
  'Weight of popularity among related businesses.', 0, 100);

grant execute on function directory.related_businesses(uuid, int)
  to anon, authenticated, service_role;
