-- A page is read from the index of its order: besides counting, the list reads the rows of the page
-- and not all there are. Without the index the guard fails: planted below.
-- Drops an index in its transaction, so it must not run beside other files on one database.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
set local enable_seqscan = off;
select plan(13);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zgb-one', 'Zgbcategory');
insert into directory.businesses (slug, name, city, state, primary_category_id, status,
  published_at)
select
  'zgb-' || n, 'Zgb ' || n, 'Zgbcity', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'active',
  now() - n * interval '1 hour'
from generate_series(1, 400) as n;

create temporary table reads (key text, direction text, rows_read bigint, total bigint)
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
create function pg_temp.read_page(key text, direction text)
returns void
language plpgsql
as $$
declare
  before constant bigint := pg_temp.rows_read();
  total bigint;
begin
  select page.total_count into total
  from directory.api_get_businesses(sort_by => key, sort_order => direction) as page;
  insert into reads values (key, direction, pg_temp.rows_read() - before, total);
end;
$$;
grant execute on function pg_temp.rows_read(), pg_temp.read_page(text, text) to anon;

set local request.jwt.claims = '{}';
set local role anon;
select pg_temp.read_page(key, direction) is null as page_read
from unnest(array['name', 'rating', 'average_rating', 'review_count', 'newest']) as key
cross join unnest(array['asc', 'desc']) as direction;
select cmp_ok(
  rows_read - total, '<=', 40::bigint,
  format('a page of 20 by %s %s reads little more than its 20 rows, besides the count', key,
    direction)
)
from (select * from reads order by key, direction) as reads;
select cmp_ok((select min(total) from reads), '>=', 400::bigint,
  'there are many more businesses than a page holds');
reset role;

-- the planted defect: an order without its index
delete from reads where true;
drop index directory.listings_name_idx;
set local role anon;
select pg_temp.read_page('name', 'asc') is null as page_read;
select cmp_ok((select rows_read - total from reads), '>', 40::bigint,
  'planted: without the index of names the guard fails');
select is(
  (
    select jsonb_array_length(businesses) from directory.api_get_businesses(sort_by => 'name')
  ),
  20,
  'planted: the answer is the same'
);
reset role;

select * from finish();
rollback;
