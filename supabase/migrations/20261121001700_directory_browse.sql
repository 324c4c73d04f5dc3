-- Page by page through the visible businesses, filtered and sorted: by number, in the shape that
-- the source documents gave the API, and by key, which stays as fast on the last page as on the
-- first.

create type directory_internal.list_request as (
  sort_key text,
  key_type text,
  direction text,
  category_id uuid,
  city text,
  state text,
  minimum_rating numeric
);

comment on type directory_internal.list_request is
  'A list that was asked for, checked: the expression that it is sorted by, its type, asc or desc, '
  'and the filters, null where there is none.';

create function directory_internal.read_list_request(
  sort_by text,
  sort_order text,
  filters jsonb
)
returns directory_internal.list_request
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
declare
  request directory_internal.list_request;
  unknown_filter text;
begin
  select known.sort_key, known.key_type into request.sort_key, request.key_type
  from (
    values
      ('name', 'lower(listings.name)', 'text'),
      ('rating', 'listings.quality_score', 'numeric'),
      ('average_rating', 'listings.avg_rating', 'numeric'),
      ('review_count', 'listings.review_count', 'int'),
      ('newest', 'listings.published_at', 'timestamptz')
  ) as known (name, sort_key, key_type)
  where known.name = sort_by;
  request.direction := case lower(sort_order)
    when 'asc' then 'asc'
    when 'desc' then 'desc'
  end;
  if request.sort_key is null then
    perform private.fail('PL131', coalesce(sort_by, 'null'));
  end if;
  if request.direction is null then
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
    select categories.id into request.category_id
    from directory.categories
    where categories.active
      and (
        categories.slug = filters ->> 'category'
        or categories.id::text = lower(filters ->> 'category')
      );
    if request.category_id is null then
      perform private.fail('PL123', filters ->> 'category');
    end if;
  end if;
  request.city := filters ->> 'city';
  request.state := filters ->> 'state';
  request.minimum_rating := (filters ->> 'minimum_rating')::numeric;
  if request.minimum_rating is not null then
    perform directory_internal.check_range('minimum_rating', request.minimum_rating, 1, 5);
  end if;
  return request;
end;
$$;

comment on function directory_internal.read_list_request(text, text, jsonb) is
  'Checks sort and filters of a list, as directory.api_get_businesses() takes them. Raises PL104, '
  'PL123 and PL131 to PL133.';

create function directory_internal.listing_filter(request directory_internal.list_request)
returns text
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select concat_ws(
    ' and ',
    '(listings.visible_until is null or listings.visible_until > now())',
    case when request.category_id is not null then 'listings.category_ids @> array[$1]' end,
    case when request.city is not null then 'lower(listings.city) = lower($2)' end,
    case when request.state is not null then 'lower(listings.state) = lower($3)' end,
    case when request.minimum_rating is not null then 'listings.avg_rating >= $4' end
  );
$$;

comment on function directory_internal.listing_filter(directory_internal.list_request) is
  'The condition of a list over directory.listings, with $1 to $4 for category, city, state and '
  'least rating. Only what is asked for stands in it, so that each list gets a plan of its own.';

create function directory_internal.listing_item(
  listing directory.listings,
  category_name text
)
returns jsonb
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select jsonb_build_object(
    'id', listing.business_id,
    'slug', listing.slug,
    'name', listing.name,
    'description', listing.short_description,
    'category', category_name,
    'location', jsonb_build_object('city', listing.city, 'state', listing.state),
    'rating', listing.quality_score,
    'averageRating', listing.avg_rating,
    'reviewCount', listing.review_count,
    'premium', listing.subscription_tier <> 'free'
  );
$$;

comment on function directory_internal.listing_item(directory.listings, text) is
  'A business as the lists of the API show it. Parameters: its listing and the name of its '
  'primary category.';

create type directory_internal.list_row as (
  place bigint,
  item jsonb,
  business_id uuid,
  sort_value text
);

comment on type directory_internal.list_row is
  'A row of a list: where it stands on its page, from 1, the business as the API shows it, its id '
  'and what the list is sorted by, as text.';

create function directory_internal.page_of_listings(
  request directory_internal.list_request,
  row_count int,
  rows_skipped int default 0,
  after_key text default null,
  after_id uuid default null
)
returns setof directory_internal.list_row
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
declare
  nullable constant boolean := request.sort_key = 'listings.avg_rating';
  page_order constant text := format(
    '%s %s%s, listings.business_id %2$s',
    request.sort_key, request.direction, case when nullable then ' nulls last' end
  );
  past constant text := case request.direction when 'asc' then '>' else '<' end;
  stretches text[];
begin
  -- businesses that have no key come last, after a place among those that have one: a stretch of
  -- their own, so that each is read from the index
  if after_id is null then
    stretches := array['true'];
  elsif after_key is not null then
    stretches := array[
      format('(%s, listings.business_id) %s ($5::%s, $6)', request.sort_key, past, request.key_type)
    ];
    if nullable then
      stretches := stretches || format('%s is null', request.sort_key);
    end if;
  else
    stretches := array[format('%s is null and listings.business_id %s $6', request.sort_key, past)];
  end if;

  -- put together from the names above, never from the caller's text
  return query execute format(
    $query$
      select
        row_number() over (order by listings.stretch, %1$s),
        directory_internal.listing_item(listings.listing, categories.name),
        listings.business_id,
        to_jsonb(%2$s) #>> '{}'
      from (%3$s) as listings
      left join directory.categories on categories.id = listings.category_id
      order by listings.stretch, %1$s
      limit $7
    $query$,
    page_order,
    request.sort_key,
    (
      select string_agg(
        format(
          $stretch$
            (
              select listings.*, listings as listing, %s as stretch
              from directory.listings
              where %s and %s
              order by %s
              limit $7
              offset $8
            )
          $stretch$,
          stretch.place, directory_internal.listing_filter(request), stretch.condition, page_order
        ),
        ' union all '
        order by stretch.place
      )
      from unnest(stretches) with ordinality as stretch (condition, place)
    )
  )
  using request.category_id, request.city, request.state, request.minimum_rating, after_key,
    after_id, row_count, rows_skipped;
end;
$$;

comment on function directory_internal.page_of_listings(
  directory_internal.list_request, int, int, text, uuid
) is
  'A page of a list. Parameters: the list; how many rows; how many to skip, or key and id of the '
  'row that they come after.';

create function directory_internal.make_cursor(list text, key text, id uuid)
returns text
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select translate(
    encode(convert_to(jsonb_build_array(md5(list), key, id)::text, 'UTF8'), 'base64'),
    e'+/=\n', '-_'
  );
$$;

comment on function directory_internal.make_cursor(text, text, uuid) is
  'A cursor that says where a page ended, in letters that need no escape in an address. '
  'Parameters: what tells the list from others; key and id of the last row.';

-- A cursor is not signed, because it opens nothing: whatever it says is compared with rows that the
-- caller may read anyhow.
create function directory_internal.read_cursor(
  cursor text,
  list text,
  key_type text,
  out key text,
  out id uuid
)
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  parts jsonb;
begin
  -- a name of 255 characters makes 1,500 of these
  if char_length(read_cursor.cursor) > 4000 then
    perform private.fail('PL195');
  end if;
  begin
    parts := convert_from(
      decode(
        rpad(
          translate(read_cursor.cursor, '-_', '+/'),
          4 * ceil(char_length(read_cursor.cursor) / 4.0)::int, '='
        ),
        'base64'
      ),
      'UTF8'
    )::jsonb;
    key := parts ->> 1;
    id := (parts ->> 2)::uuid;
    if id is null or jsonb_typeof(parts) <> 'array' then
      perform private.fail('PL195');
    end if;
    if parts ->> 0 is distinct from md5(list) then
      perform private.fail('PL196');
    end if;
    case key_type
      when 'numeric' then perform key::numeric;
      when 'int' then perform key::int;
      when 'timestamptz' then perform key::timestamptz;
      when 'text' then null;
    end case;
  exception
    when data_exception then
      perform private.fail('PL195');
  end;
end;
$$;

comment on function directory_internal.read_cursor(text, text, text) is
  'Key and id from a cursor of make_cursor(). Parameters: the cursor, the list that it must belong '
  'to, the type of the key (text, numeric, int or timestamptz). Raises PL195 for what is no '
  'cursor, PL196 for one of another list.';

create function directory_internal.count_listings(
  request directory_internal.list_request,
  most int default null
)
returns bigint
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
declare
  counted bigint;
begin
  execute format(
    'select count(*) from (select from directory.listings where %s limit $5) as found',
    directory_internal.listing_filter(request)
  )
  into counted
  using request.category_id, request.city, request.state, request.minimum_rating, most;
  return counted;
end;
$$;

comment on function directory_internal.count_listings(directory_internal.list_request, int) is
  'How many businesses a list has. Parameters: the list; the number at which to stop, null to '
  'count all.';

create function directory.api_get_businesses(
  page_number int default 1,
  page_size int default 20,
  sort_by text default 'name',
  sort_order text default 'asc',
  filters jsonb default '{}',
  count_method text default 'exact'
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
  request directory_internal.list_request;
  most int;
  has_next boolean;
begin
  perform directory_internal.check_range('page_size', page_size, 1,
    directory_internal.setting('page_size_maximum'));
  perform directory_internal.check_range('page_number', page_number, 1,
    1 + floor(directory_internal.setting('page_offset_maximum') / page_size));
  request := directory_internal.read_list_request(sort_by, sort_order, filters);
  if count_method = 'estimated' then
    most := directory_internal.setting('exact_count_maximum')::int + 1;
  elsif count_method is distinct from 'exact' then
    perform private.fail('PL198', coalesce(count_method, 'null'));
  end if;

  -- one row more than the page tells whether another follows, however the total was found
  select
    coalesce(
      jsonb_agg(page.item order by page.place) filter (where page.place <= page_size), '[]'
    ),
    count(*) > page_size
  into businesses, has_next
  from directory_internal.page_of_listings(
    request, page_size + 1, (page_number - 1) * page_size
  ) as page;

  total_count := directory_internal.count_listings(request, most);
  page_info := jsonb_build_object();
  if total_count = most then
    -- what is kept anyhow says how many there are; other lists have at least so many
    if request.city is null and request.state is null and request.minimum_rating is null then
      select greatest(total_count, coalesce(kept.count, 0)) into total_count
      from (
        select case
          when request.category_id is null then (
            select pg_class.reltuples::bigint
            from pg_catalog.pg_class
            where pg_class.oid = 'directory.listings'::regclass
          )
          else (
            select categories.business_count
            from directory.categories
            where categories.id = request.category_id
          )
        end as count
      ) as kept;
    end if;
    page_info := jsonb_build_object('totalIsExact', false);
  end if;

  page_info := page_info || jsonb_build_object(
    'currentPage', page_number,
    'pageSize', page_size,
    'totalPages', ceil(total_count::numeric / page_size)::int,
    'totalCount', total_count,
    'hasNext', has_next,
    'hasPrevious', page_number > 1
  );
  return next;
end;
$$;

comment on function directory.api_get_businesses(int, int, text, text, jsonb, text) is
  'One page of the visible businesses. Parameters: page from 1; rows a page, 1 to 100; sort_by '
  'name, rating (the quality score), average_rating, review_count or newest; sort_order asc or '
  'desc; filters {category (slug or id, includes all below), city, state, minimum_rating (1 to '
  '5)}; count_method exact, or estimated, which counts no further than '
  'directory.exact_count_maximum. Returns one row: the list of businesses, the number over all '
  'pages, and where the page stands. An estimate is the number kept for the category or the whole '
  'directory, for other filters the least there is; page_info then holds totalIsExact, false. '
  'For many pages list_businesses is faster. Raises PL104 for a number out of range, PL123 for an '
  'unknown category, PL131 to PL133 for an unknown sort or filter, PL198 for an unknown '
  'count_method.';

create function directory.list_businesses(
  cursor text default null,
  page_size int default 20,
  sort_by text default 'name',
  sort_order text default 'asc',
  filters jsonb default '{}'
)
returns table (
  businesses jsonb,
  next_cursor text
)
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  request directory_internal.list_request;
  list text;
  after record;
begin
  perform directory_internal.check_range('page_size', page_size, 1,
    directory_internal.setting('page_size_maximum'));
  request := directory_internal.read_list_request(sort_by, sort_order, filters);
  list := format('businesses %s', request);
  select null::text as key, null::uuid as id into after;
  if list_businesses.cursor is not null then
    after := directory_internal.read_cursor(list_businesses.cursor, list, request.key_type);
  end if;

  select
    coalesce(
      jsonb_agg(page.item order by page.place) filter (where page.place <= page_size), '[]'
    ),
    case
      when count(*) > page_size then directory_internal.make_cursor(
        list,
        max(page.sort_value) filter (where page.place = page_size),
        (array_agg(page.business_id) filter (where page.place = page_size))[1]
      )
    end
  into businesses, next_cursor
  from directory_internal.page_of_listings(
    request, page_size + 1, after_key => after.key, after_id => after.id
  ) as page;
  return next;
end;
$$;

comment on function directory.list_businesses(text, int, text, text, jsonb) is
  'The visible businesses page by page, by key: each page costs the same, and a business that is '
  'entered or leaves meanwhile makes no other appear twice or be left out. Parameters: the cursor '
  'of the page, null for the first; rows a page, 1 to 100; sort_by, sort_order and filters as in '
  'api_get_businesses, the same for all pages. Returns one row: the list of businesses in the '
  'shape of api_get_businesses, and the cursor of the next page, null on the last. Raises PL104 '
  'for a number out of range, PL123 for an unknown category, PL131 to PL133 for an unknown sort '
  'or filter, PL195 for what is no cursor, PL196 for the cursor of another list.';

select ops.define_setting('directory.page_offset_maximum', '100000',
  'Most rows that a page number may skip.', 1000, 10000000);
select ops.define_setting('directory.exact_count_maximum', '1000',
  'Up to how many businesses a list counts exactly when an estimate is asked for.', 1, 10000000);

select private.define_error('PL131', 400, 'There is no sort key %s.',
  'Use name, rating, average_rating, review_count or newest.');
select private.define_error('PL132', 400, 'There is no sort order %s.', 'Use asc or desc.');
select private.define_error('PL133', 400, 'There is no filter %s.',
  'Send an object: category, city and state are texts, minimum_rating is a number.');
select private.define_error('PL195', 400, 'That is no cursor.',
  'Send next_cursor of the page before, unchanged, or leave it out for the first page.');
select private.define_error('PL196', 400, 'The cursor belongs to another list.',
  'Keep sort and filters for all pages of a list, and begin anew when they change.');
select private.define_error('PL198', 400, 'There is no way of counting %s.',
  'Use exact or estimated.');

grant execute on function
  directory.api_get_businesses(int, int, text, text, jsonb, text),
  directory.list_businesses(text, int, text, text, jsonb),
  directory_internal.read_list_request(text, text, jsonb),
  directory_internal.listing_filter(directory_internal.list_request),
  directory_internal.listing_item(directory.listings, text),
  directory_internal.page_of_listings(directory_internal.list_request, int, int, text, uuid),
  directory_internal.make_cursor(text, text, uuid),
  directory_internal.read_cursor(text, text, text),
  directory_internal.count_listings(directory_internal.list_request, int)
  to anon, authenticated, service_role;
