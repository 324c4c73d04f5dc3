-- What a frontend makes its sitemap from: every visible business once, with its last change. The
-- order is that of the ids, which never change, so that a page holds the same businesses tomorrow.

create function directory.sitemap_businesses(
  cursor text default null,
  page_size int default 1000
)
returns table (
  entries jsonb,
  next_cursor text
)
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  after_id uuid := uuid '00000000-0000-0000-0000-000000000000';
begin
  perform directory_internal.check_range('page_size', page_size, 1,
    directory_internal.setting('sitemap_page_maximum'));
  if sitemap_businesses.cursor is not null then
    select read_cursor.id into after_id
    from directory_internal.read_cursor(sitemap_businesses.cursor, 'sitemap', 'text');
  end if;

  with page as (
    select
      row_number() over (order by listings.business_id) as place,
      listings.business_id, listings.slug, listings.updated_at
    from (
      select listings.*
      from directory.listings
      where listings.business_id > after_id
        and (listings.visible_until is null or listings.visible_until > now())
      order by listings.business_id
      limit page_size + 1
    ) as listings
  )
  select
    coalesce(
      jsonb_agg(
        jsonb_build_object('slug', page.slug, 'lastModified', page.updated_at)
        order by page.place
      ) filter (where page.place <= page_size),
      '[]'
    ),
    case
      when count(*) > page_size then directory_internal.make_cursor(
        'sitemap', null,
        (array_agg(page.business_id) filter (where page.place = page_size))[1]
      )
    end
  into entries, next_cursor
  from page;
  return next;
end;
$$;

comment on function directory.sitemap_businesses(text, int) is
  'Visible businesses for a sitemap, page by page. Parameters: the cursor of the page, null for '
  'the first; rows a page, 1 to directory.sitemap_page_maximum. Returns one row: a list of {slug, '
  'lastModified} and the cursor of the next page, null on the last. A cursor stays good: it may '
  'be the name of a part of the sitemap. Raises PL104 for a number out of range, PL195 for what '
  'is no cursor, PL196 for the cursor of another list.';

select ops.define_setting('directory.sitemap_page_maximum', '10000',
  'Most businesses that one page for the sitemap holds; a sitemap may have 50,000.', 1000, 50000);

grant execute on function directory.sitemap_businesses(text, int)
  to anon, authenticated, service_role;
