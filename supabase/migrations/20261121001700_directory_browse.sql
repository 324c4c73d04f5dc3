-- Page by page through the visible businesses, filtered and sorted, in the shape that the source
-- documents gave the API.

create function directory.api_get_businesses(
  page_number int default 1,
  page_size int default 20,
  sort_by text default 'name',
  sort_order text default 'asc',
  filters jsonb default '{}'
)
returns table (
  businesses jsonb,
  total_count bigint,
  page_info jsonb
)
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
declare
  sort_key constant text := case sort_by
    when 'name' then 'lower(listings.name)'
    when 'rating' then 'listings.quality_score'
    when 'average_rating' then 'listings.avg_rating'
    when 'review_count' then 'listings.review_count'
    when 'newest' then 'listings.published_at'
  end;
  direction constant text := case lower(sort_order)
    when 'asc' then 'asc'
    when 'desc' then 'desc'
  end;
  unknown_filter text;
  chosen_id uuid;
  page_order text;
begin
  perform directory_internal.check_range('page_size', page_size, 1,
    directory_internal.setting('page_size_maximum'));
  perform directory_internal.check_range('page_number', page_number, 1,
    1 + floor(directory_internal.setting('page_offset_maximum') / page_size));
  if sort_key is null then
    perform private.fail('PL131', coalesce(sort_by, 'null'));
  end if;
  if direction is null then
    perform private.fail('PL132', coalesce(sort_order, 'null'));
  end if;
  if jsonb_typeof(coalesce(filters, 'null')) <> 'object' then
    perform private.fail('PL133', coalesce(filters::text, 'null'));
  end if;
  select key into unknown_filter
  from jsonb_each(filters)
  where not (
    (key in ('category', 'city', 'state') and jsonb_typeof(value) in ('string', 'null'))
    or (key = 'minimum_rating' and jsonb_typeof(value) in ('number', 'null'))
  )
  order by key
  limit 1;
  if unknown_filter is not null then
    perform private.fail('PL133', unknown_filter);
  end if;

  if filters ->> 'category' is not null then
    select categories.id into chosen_id
    from directory.categories
    where categories.active
      and (
        categories.slug = filters ->> 'category'
        or categories.id::text = lower(filters ->> 'category')
      );
    if chosen_id is null then
      perform private.fail('PL123', filters ->> 'category');
    end if;
  end if;

  if filters ->> 'minimum_rating' is not null then
    perform directory_internal.check_range('minimum_rating',
      (filters ->> 'minimum_rating')::numeric, 1, 5);
  end if;

  select count(*) into total_count
  from directory.listings
  where (chosen_id is null or listings.category_ids @> array[chosen_id])
    and (filters ->> 'city' is null or lower(listings.city) = lower(filters ->> 'city'))
    and (filters ->> 'state' is null or lower(listings.state) = lower(filters ->> 'state'))
    and (
      filters ->> 'minimum_rating' is null
      or listings.avg_rating >= (filters ->> 'minimum_rating')::numeric
    )
    and (listings.visible_until is null or listings.visible_until > now());

  -- put together from the names above, never from the caller's text
  page_order := format(
    '%s %s %s, listings.business_id %2$s',
    sort_key, direction, case when sort_by = 'average_rating' then 'nulls last' end
  );
  execute format(
    $query$
      select coalesce(
        jsonb_agg(
          jsonb_build_object(
            'id', listings.business_id,
            'slug', listings.slug,
            'name', listings.name,
            'description', listings.short_description,
            'category', categories.name,
            'location', jsonb_build_object('city', listings.city, 'state', listings.state),
            'rating', listings.quality_score,
            'averageRating', listings.avg_rating,
            'reviewCount', listings.review_count,
            'premium', listings.subscription_tier <> 'free'
          )
          order by %1$s
        ),
        '[]'
      )
      from (
        select listings.*
        from directory.listings
        where ($1 is null or listings.category_ids @> array[$1])
          and ($2 is null or lower(listings.city) = lower($2))
          and ($3 is null or lower(listings.state) = lower($3))
          and ($4 is null or listings.avg_rating >= $4)
          and (listings.visible_until is null or listings.visible_until > now())
        order by %1$s
        limit $5
        offset $6
      ) as listings
      left join directory.categories on categories.id = listings.category_id
    $query$,
    page_order
  )
  into businesses
  using chosen_id, filters ->> 'city', filters ->> 'state',
    (filters ->> 'minimum_rating')::numeric, page_size, (page_number - 1) * page_size;

  page_info := jsonb_build_object(
    'currentPage', page_number,
    'pageSize', page_size,
    'totalPages', ceil(total_count::numeric / page_size)::int,
    'totalCount', total_count,
    'hasNext', page_number::bigint * page_size < total_count,
    'hasPrevious', page_number > 1
  );
  return next;
end;
$$;

comment on function directory.api_get_businesses(int, int, text, text, jsonb) is
  'One page of the visible businesses. Parameters: page from 1; rows a page, 1 to 100; sort_by '
  'name, rating (the quality score), average_rating, review_count or newest; sort_order asc or '
  'desc; filters {category (slug or id, includes all below), city, state, minimum_rating (1 to '
  '5)}. Returns one row: the list of businesses, the exact number over all pages, and where the '
  'page stands. Raises PL104 for a number out of range, PL123 for an unknown category, PL131 to '
  'PL133 for an unknown sort or filter.';

select ops.define_setting('directory.page_offset_maximum', '100000',
  'Most rows that a page number may skip.', 1000, 10000000);

select private.define_error('PL131', 400, 'There is no sort key %s.',
  'Use name, rating, average_rating, review_count or newest.');
select private.define_error('PL132', 400, 'There is no sort order %s.', 'Use asc or desc.');
select private.define_error('PL133', 400, 'There is no filter %s.',
  'Send an object: category, city and state are texts, minimum_rating is a number.');

grant execute on function directory.api_get_businesses(int, int, text, text, jsonb)
  to anon, authenticated, service_role;
