-- What the clock changes, no statement does: readers look at visible_until, and a job tidies up.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
-- the job that folds each minute must wait for this file
select pg_advisory_xact_lock(hashtextextended('directory.fold_category_counts', 0)) is null as held;
select plan(13);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zst-one', 'Zst One');
insert into directory.businesses (
  id, name, city, state, primary_category_id, status, suspended_at, suspended_until
) values
  ('b7e57000-0000-4000-8000-000000000001', 'Zst Begins', 'Zstville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', now() + interval '1 hour', null),
  ('b7e57000-0000-4000-8000-000000000002', 'Zst Ends', 'Zstville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', now() - interval '1 day',
    now() + interval '1 hour'),
  ('b7e57000-0000-4000-8000-000000000003', 'Zst Stays', 'Zstville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', null, null),
  ('b7e57000-0000-4000-8000-000000000004', 'Zst Later', 'Zstville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'active', now() + interval '2 hours', null);

create function pg_temp.listed()
returns text
language sql
as $$
  select string_agg(substr(listings.name, 5), ', ' order by listings.name)
  from directory.listings
  where listings.name like 'Zst %';
$$;
create function pg_temp.counted()
returns int
language sql
as $$
  select category_tree.business_count from directory.category_tree
  where category_tree.slug = 'zst-one';
$$;

select is(pg_temp.listed(), 'Begins, Later, Stays',
  'before the hour the suspension has changed nothing');
select lives_ok($$ select directory_internal.tidy_listings() $$,
  'the job runs when nothing is due');
select is(pg_temp.listed(), 'Begins, Later, Stays', 'the job leaves what is not due');

-- an hour later: the dates have passed, listings and documents are still those of the hour before
create temporary table listings_before on commit drop as
select * from directory.listings where business_id = 'b7e57000-0000-4000-8000-000000000001';
create temporary table documents_before on commit drop as
select * from directory_internal.documents
where business_id = 'b7e57000-0000-4000-8000-000000000001';
update directory.businesses
set suspended_at = suspended_at - interval '1 hour',
  suspended_until = suspended_until - interval '1 hour'
where name like 'Zst %';
insert into directory.listings select * from listings_before;
update directory.listings set visible_until = now()
where business_id = 'b7e57000-0000-4000-8000-000000000001';
insert into directory_internal.documents select * from documents_before;
delete from directory.listings where business_id = 'b7e57000-0000-4000-8000-000000000002';

select is(pg_temp.listed(), 'Begins, Later, Stays', 'the clock alone moves no row');
select is_empty(
  $$
    select 1
    from directory.search_businesses(search_query => 'Zst Begins')
    where name = 'Zst Begins'
  $$,
  'a search leaves out a listing whose time is over before the job has run'
);
select cmp_ok(directory_internal.tidy_listings(), '>=', 2, 'the job says how many were due');
select is(pg_temp.listed(), 'Ends, Later, Stays',
  'the job removes what began to be suspended and brings back what is over');
select is_empty(
  $$
    select 1 from directory_internal.documents
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'the document goes with the listing'
);
select isnt_empty(
  $$
    select 1 from directory_internal.documents
    where business_id = 'b7e57000-0000-4000-8000-000000000002'
  $$,
  'the document comes back with the listing'
);
select is(pg_temp.counted(), 3, 'the count of the category follows the job');
select is(
  (
    select visible_until from directory.listings
    where business_id = 'b7e57000-0000-4000-8000-000000000004'
  ),
  now() + interval '1 hour',
  'a suspension that still lies ahead keeps its hour'
);
select is(directory_internal.tidy_listings(), 0, 'a second run has nothing to do');
select is(pg_temp.listed(), 'Ends, Later, Stays', 'a second run changes nothing');

select * from finish();
rollback;
