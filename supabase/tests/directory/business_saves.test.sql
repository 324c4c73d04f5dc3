-- Users save businesses and take them out again, as often as they like; the list is by key, the
-- last saved first; the number of saves of a business follows.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(35);

insert into auth.users (id)
select ('a7e57000-0000-4000-8000-00000000000' || n)::uuid from generate_series(1, 3) as n;
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zsv-one', 'Zsv One');
insert into directory.businesses (id, name, city, state, primary_category_id, status, owner_id)
select
  ('b7e57000-0000-4000-8000-00000000000' || n)::uuid, 'Zsv ' || n, 'Zsvcity', 'TX',
  'c7e57000-0000-4000-8000-000000000001', case when n = 9 then 'draft' else 'active' end,
  case when n = 9 then 'a7e57000-0000-4000-8000-000000000001'::uuid end
from generate_series(1, 9) as n;

create function pg_temp.try_save(n int)
returns text
language plpgsql
as $$
begin
  return directory.save_business(('b7e57000-0000-4000-8000-00000000000' || n)::uuid)::text;
exception
  when others then
    return sqlstate;
end;
$$;
create function pg_temp.saved(size int default 20)
returns text
language plpgsql
as $$
declare
  page record;
  cursor_now text;
  names text[] := '{}';
begin
  loop
    select * into page from directory.list_saved_businesses(cursor_now, size);
    names := names || coalesce(
      (
        select string_agg(right(item.value ->> 'name', 1), ' ' order by item.ordinality)
        from jsonb_array_elements(page.businesses) with ordinality as item
      ),
      'none'
    );
    cursor_now := page.next_cursor;
    exit when cursor_now is null;
  end loop;
  return array_to_string(names, ', ');
end;
$$;
create function pg_temp.counts()
returns text
language sql
as $$
  select string_agg(save_count::text, ' ' order by business_id)
  from directory.business_stats
  where business_id::text like 'b7e57000-%';
$$;
grant execute on function pg_temp.try_save(int), pg_temp.saved(int) to authenticated;

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select is(pg_temp.saved(), 'none', 'in the beginning nothing is saved');
select is(pg_temp.try_save(1), 'true', 'a business is saved');
select is(pg_temp.try_save(1), 'false', 'saving it again does no harm');
select is(pg_temp.try_save(2) || pg_temp.try_save(3) || pg_temp.try_save(4) || pg_temp.try_save(5),
  'truetruetruetrue', 'more are saved');
select is(pg_temp.saved(), '5 4 3 2 1', 'the last saved comes first');
select is(pg_temp.saved(2), '5 4, 3 2, 1', 'page by page');
select is(pg_temp.saved(1), '5, 4, 3, 2, 1', 'of any size');
select is(pg_temp.saved(5), '5 4 3 2 1', 'a page that is full and the last has no next one');
select is(
  (
    select array_agg(key order by key)
    from directory.list_saved_businesses() as page
    cross join jsonb_object_keys(page.businesses -> 0) as key
  ),
  (
    select array_agg(key order by key)
    from directory.api_get_businesses(page_size => 1) as page
    cross join lateral (
      select key from jsonb_object_keys(page.businesses -> 0) as key
      union all
      select 'savedAt'
    ) as keys
  ),
  'an item has the shape of all lists, and when it was saved'
);
select is(
  directory.unsave_business('b7e57000-0000-4000-8000-000000000004'), true,
  'a business is taken out'
);
select is(
  directory.unsave_business('b7e57000-0000-4000-8000-000000000004'), false,
  'taking it out again does no harm'
);
select is(pg_temp.saved(), '5 3 2 1', 'and it is gone');
select is(pg_temp.try_save(4) || ' ' || pg_temp.saved(), 'true 4 5 3 2 1',
  'until it is saved again');
select is(pg_temp.try_save(9), 'PT404', 'a draft is not saved, not even by its owner');
select throws_ok(
  $$ select directory.save_business('b7e57000-0000-4000-8000-0000000000ff') $$,
  'PT404', 'Business b7e57000-0000-4000-8000-0000000000ff not found.',
  'what is not there is not found'
);
select throws_ok('select directory.save_business(null)', 'PT404', null, 'nor is nothing');
select is(directory.unsave_business('b7e57000-0000-4000-8000-0000000000ff'), false,
  'taking out what is not there does no harm');
select throws_ok(
  'select * from directory.list_saved_businesses(page_size => 101)', 'PL104', null,
  'a page of 101 is refused'
);
select throws_ok(
  $$ select * from directory.list_saved_businesses('page-2') $$, 'PL195', null,
  'what is no cursor is refused'
);
select throws_ok(
  $$
    select * from directory.list_saved_businesses(
      (select next_cursor from directory.list_businesses(null, 1))
    )
  $$,
  'PL196', null,
  'the cursor of another list is refused'
);
reset role;

select is(pg_temp.counts(), '0 0 0 0 0 0 0 0 0', 'before the fold nothing is counted');
select ok(not directory_internal.fold_save_counts(),
  'a fold that takes all says that no more waits');
select is(pg_temp.counts(), '1 1 1 1 1 0 0 0 0', 'then the saves are counted');

set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select is(pg_temp.try_save(1) || ' ' || pg_temp.saved(), 'true 1', 'another user saves one, too');
reset role;
-- an earlier snapshot of the rows that a count must not rewrite
create temporary table rows_before on commit drop as
select business_id, ctid as place from directory.listings where city = 'Zsvcity';
select ops.set_setting('directory.save_fold_batch', '1') is null as set_before;
delete from directory.business_saves
where user_id = 'a7e57000-0000-4000-8000-000000000001'
  and business_id = 'b7e57000-0000-4000-8000-000000000002';
select ok(directory_internal.fold_save_counts(),
  'a fold that reaches its cap says that more waits');
do $$ begin while directory_internal.fold_save_counts() loop end loop; end; $$;
select is(pg_temp.counts(), '2 0 1 1 1 0 0 0 0', 'what came and went is counted');
select is_empty(
  $$
    select * from rows_before
    join directory.listings using (business_id)
    where listings.ctid <> rows_before.place
  $$,
  'a save rewrites no listing'
);

delete from auth.users where id = 'a7e57000-0000-4000-8000-000000000001';
do $$ begin while directory_internal.fold_save_counts() loop end loop; end; $$;
select is(pg_temp.counts(), '1 0 0 0 0 0 0 0 0', 'a user who goes takes the saves along');
delete from directory.businesses where id = 'b7e57000-0000-4000-8000-000000000001';
do $$ begin while directory_internal.fold_save_counts() loop end loop; end; $$;
select is(pg_temp.counts(), '0 0 0 0 0 0 0 0', 'so does a business');
select is_empty('select * from directory_internal.save_count_deltas',
  'and no delta is left behind');

select ops.set_setting('directory.saves_maximum', '2') is null as set_before;
set local role authenticated;
select is(
  pg_temp.try_save(2) || ' ' || pg_temp.try_save(3) || ' ' || pg_temp.try_save(4) || ' '
    || pg_temp.try_save(3),
  'true true PL200 false',
  'there is a cap, which what is saved already does not meet'
);
reset role;

-- a suspension that has begun is not written down yet
set local session_replication_role = replica;
update directory.listings set visible_until = now() - interval '1 second'
where business_id = 'b7e57000-0000-4000-8000-000000000003';
set local session_replication_role = origin;
set local role authenticated;
select is(pg_temp.saved(), '2', 'a business that is not visible is left out');
select is(directory.unsave_business('b7e57000-0000-4000-8000-000000000003'), true,
  'but can be taken out');
reset role;
update directory.businesses set status = 'active'
where id = 'b7e57000-0000-4000-8000-000000000009';
set local role authenticated;
select is(pg_temp.try_save(9) || ' ' || pg_temp.saved(), 'true 9 2',
  'a draft that is published is saved');
reset role;

-- the list is read from its index: besides that of the page no listing is looked at
set local enable_seqscan = off;
select ops.set_setting('directory.saves_maximum', '2000') is null as set_before;
insert into directory.businesses (name, city, state, primary_category_id, status)
select 'Zsv more ' || n, 'Zsvcity', 'TX', 'c7e57000-0000-4000-8000-000000000001', 'active'
from generate_series(1, 200) as n;
insert into directory.business_saves (user_id, business_id)
select 'a7e57000-0000-4000-8000-000000000002', listings.business_id
from directory.listings where name like 'Zsv more %';
analyze directory.business_saves, directory.listings;
create function pg_temp.rows_read()
returns bigint
language sql
volatile
as $$
  select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
  from pg_stat_xact_user_tables
  where relid = 'directory.listings'::regclass;
$$;
select pg_temp.rows_read() as before \gset
set local role authenticated;
select jsonb_array_length(businesses) as page_read from directory.list_saved_businesses();
reset role;
select cmp_ok(pg_temp.rows_read() - :before::bigint, '<=', 40::bigint,
  'a page of 20 out of 200 reads little more than its 20 listings');

select * from finish();
rollback;
