-- The feed for the sitemap holds every visible business once, with its last change, in an order
-- that no change moves.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(17);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zsm-one', 'Zsm One');
insert into directory.businesses (id, name, city, state, primary_category_id, status)
select
  ('b7e57000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Zsm ' || n, 'Zsmcity', 'TX',
  'c7e57000-0000-4000-8000-000000000001', case when n = 7 then 'draft' else 'active' end
from generate_series(1, 400) as n;

create function pg_temp.walk(size int)
returns text[]
language plpgsql
as $$
declare
  page record;
  cursor_now text;
  slugs text[] := '{}';
begin
  loop
    select * into page from directory.sitemap_businesses(cursor_now, size);
    slugs := slugs || array(
      select item.value ->> 'slug'
      from jsonb_array_elements(page.entries) with ordinality as item
      order by item.ordinality
    );
    cursor_now := page.next_cursor;
    exit when cursor_now is null;
  end loop;
  return slugs;
end;
$$;
grant execute on function pg_temp.walk(int) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select is(
  pg_temp.walk(97), (select array_agg(slug order by business_id) from directory.listings),
  'the pages together are every visible business once, by its id'
);
select is(pg_temp.walk(10000), pg_temp.walk(100), 'whatever the size of a page');
select is(
  (
    select entries -> 0
    from directory.sitemap_businesses(page_size => 1)
  ),
  (
    select jsonb_build_object('slug', slug, 'lastModified', updated_at)
    from directory.listings order by business_id limit 1
  ),
  'an entry is the slug and the last change'
);
select ok(not 'zsm-7-zsmcity' = any (pg_temp.walk(1000)), 'threat: a draft in the sitemap');
select throws_ok('select * from directory.sitemap_businesses(page_size => 10001)', 'PL104', null,
  'a page that is too long is refused');
select throws_ok('select * from directory.sitemap_businesses(page_size => 0)', 'PL104', null,
  'so is none');
select throws_ok($$ select * from directory.sitemap_businesses('2') $$, 'PL195', null,
  'what is no cursor is refused');
select throws_ok(
  $$
    select * from directory.sitemap_businesses(
      (select next_cursor from directory.list_businesses(null, 1))
    )
  $$,
  'PL196', null,
  'the cursor of another list is refused'
);
reset role;

create temporary table second_page on commit drop as
select page.next_cursor, following.entries
from directory.sitemap_businesses(page_size => 100) as page
cross join lateral directory.sitemap_businesses(page.next_cursor, 100) as following;
update directory.businesses set description = 'Zsm anew', slug = 'zsm-new'
where id = (
  select listings.business_id from directory.listings
  where slug = (select entries -> 50 ->> 'slug' from second_page)
);
select is(
  (
    select count(*)
    from second_page
    cross join lateral directory.sitemap_businesses(second_page.next_cursor, 100) as again
    cross join jsonb_array_elements(again.entries) with ordinality as item
    where item.value ->> 'slug' <> second_page.entries -> (item.ordinality::int - 1) ->> 'slug'
  ),
  1::bigint,
  'a business that changes keeps its place'
);
select is(
  (
    select again.entries -> 50 ->> 'slug'
    from second_page
    cross join lateral directory.sitemap_businesses(second_page.next_cursor, 100) as again
  ),
  'zsm-new',
  'with its new slug'
);
select is(
  (
    select (again.entries -> 50 ->> 'lastModified')::timestamptz
    from second_page
    cross join lateral directory.sitemap_businesses(second_page.next_cursor, 100) as again
  ),
  (select updated_at from directory.businesses where slug = 'zsm-new'),
  'and its change'
);
set local session_replication_role = replica;
update directory.listings set visible_until = now() - interval '1 second' where slug = 'zsm-new';
set local session_replication_role = origin;
select ok(not 'zsm-new' = any (pg_temp.walk(1000)), 'who is suspended by the clock is left out');

-- a page far inside reads its rows and not those before it
set local enable_seqscan = off;
create function pg_temp.rows_read()
returns bigint
language sql
volatile
as $$
  select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
  from pg_stat_xact_user_tables
  where relid = 'directory.listings'::regclass;
$$;
create temporary table far_inside on commit drop as
select next_cursor from directory.sitemap_businesses(page_size => 380);
grant select on far_inside to anon;
select pg_temp.rows_read() as before \gset
set local role anon;
select is(jsonb_array_length(page.entries), 10, 'a page far inside')
from far_inside
cross join lateral directory.sitemap_businesses(far_inside.next_cursor, 10) as page;
reset role;
select cmp_ok(pg_temp.rows_read() - :before::bigint, '<=', 20::bigint,
  'reads little more than its ten rows');
-- the planted defect: no index to walk from the cursor
set local client_min_messages = warning;
alter table directory.listings drop constraint listings_pkey cascade;
select pg_temp.rows_read() as before \gset
set local role anon;
select is(jsonb_array_length(page.entries), 10, 'planted: the answer is the same')
from far_inside
cross join lateral directory.sitemap_businesses(far_inside.next_cursor, 10) as page;
reset role;
select cmp_ok(pg_temp.rows_read() - :before::bigint, '>', 20::bigint,
  'planted: without the walk of the index the guard fails');
select volatility_is('directory', 'sitemap_businesses', array['text', 'integer'], 'stable',
  'it writes nothing');

select * from finish();
rollback;
