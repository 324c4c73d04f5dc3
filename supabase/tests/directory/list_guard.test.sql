-- A page far inside is read from the index of its order, as the first one is: it reads its rows and
-- none of those before it. Without the index the guard fails: planted below.
-- Drops an index in its transaction, so it must not run beside other files on one database.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
set local enable_seqscan = off;
select plan(13);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zgl-one', 'Zglcategory');
insert into directory.businesses (name, city, state, primary_category_id, status, published_at)
select
  'Zgl ' || n, 'Zglcity', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'active',
  now() - n * interval '1 hour'
from generate_series(1, 400) as n;

create temporary table reads (key text, direction text, rows_read bigint, items int)
on commit drop;
grant insert, select on reads to anon;
-- rows of listings read so far in this transaction, through indexes or in scans of the table
create function pg_temp.rows_read()
returns bigint
language sql
volatile
as $$
  select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
  from pg_stat_xact_user_tables
  where relid = 'directory.listings'::regclass;
$$;
create function pg_temp.read_fourth_page(key text, direction text)
returns void
language plpgsql
as $$
declare
  cursor_now text;
  before bigint;
begin
  for step in 1..3 loop
    select page.next_cursor into cursor_now
    from directory.list_businesses(cursor_now, 100, key, direction) as page;
  end loop;
  before := pg_temp.rows_read();
  insert into reads
  select key, direction, null, jsonb_array_length(page.businesses)
  from directory.list_businesses(cursor_now, 20, key, direction) as page;
  update reads set rows_read = pg_temp.rows_read() - before where reads.rows_read is null;
end;
$$;
grant update on reads to anon;
grant execute on function pg_temp.rows_read(), pg_temp.read_fourth_page(text, text) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select pg_temp.read_fourth_page(key, direction) is null as page_read
from unnest(array['name', 'rating', 'average_rating', 'review_count', 'newest']) as key
cross join unnest(array['asc', 'desc']) as direction;
select cmp_ok(
  rows_read, '<=', 60::bigint,
  format('after 300 rows a page of 20 by %s %s reads little more than its own', key, direction)
)
from (select * from reads order by key, direction) as reads;
select is((select array_agg(distinct items) from reads), '{20}', 'all of them were full');
reset role;

-- the planted defect: an order without its index
delete from reads where true;
drop index directory.listings_name_idx;
set local role anon;
select pg_temp.read_fourth_page('name', 'asc') is null as page_read;
select cmp_ok((select rows_read from reads), '>', 60::bigint,
  'planted: without the index of names the guard fails');
select is((select items from reads), 20, 'planted: the answer is the same');
reset role;

select * from finish();
rollback;
