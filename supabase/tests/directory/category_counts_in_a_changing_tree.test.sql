-- Counts stay right when the tree changes while count changes are still pending.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
-- the job that folds each minute must wait for this file
select pg_advisory_xact_lock(hashtextextended('directory.fold_category_counts', 0)) is null as held;
select plan(13);

insert into directory.categories (id, parent_id, slug, name) values
  ('c7e57000-0000-4000-8000-000000000001', null, 'zqm-a', 'Zqm A'),
  ('c7e57000-0000-4000-8000-000000000002', 'c7e57000-0000-4000-8000-000000000001', 'zqm-aa',
    'Zqm Aa'),
  ('c7e57000-0000-4000-8000-000000000003', null, 'zqm-b', 'Zqm B'),
  ('c7e57000-0000-4000-8000-000000000004', 'c7e57000-0000-4000-8000-000000000003', 'zqm-bb',
    'Zqm Bb');

create function pg_temp.shown()
returns text
language sql
as $$
  select string_agg(
    format('%s %s', substr(category_tree.slug, 5), category_tree.business_count), ', '
    order by category_tree.slug
  )
  from directory.category_tree
  where category_tree.slug like 'zqm-%';
$$;

insert into directory.businesses (id, name, city, state, primary_category_id, status) values
  ('b7e57000-0000-4000-8000-000000000001', 'Zqm One', 'Zqmville', 'TX',
    'c7e57000-0000-4000-8000-000000000002', 'active'),
  ('b7e57000-0000-4000-8000-000000000002', 'Zqm Two', 'Zqmville', 'TX',
    'c7e57000-0000-4000-8000-000000000004', 'active');

select is(pg_temp.shown(), 'a 1, aa 1, b 1, bb 1', 'each branch holds one business');

update directory.categories set parent_id = 'c7e57000-0000-4000-8000-000000000003'
where slug = 'zqm-aa';
select is(pg_temp.shown(), 'a 0, aa 1, b 2, bb 1',
  'a branch that moves before the fold takes its businesses along');
select directory_internal.fold_category_counts() is null as folded;
select is(pg_temp.shown(), 'a 0, aa 1, b 2, bb 1', 'the fold after the move changes nothing');

update directory.categories set parent_id = 'c7e57000-0000-4000-8000-000000000001'
where slug = 'zqm-bb';
select is(pg_temp.shown(), 'a 1, aa 1, b 1, bb 1',
  'a branch that moves after the fold takes its businesses along');

-- the business leaves, the change is pending, and the empty category goes
update directory.businesses set primary_category_id = 'c7e57000-0000-4000-8000-000000000004'
where id = 'b7e57000-0000-4000-8000-000000000001';
select is(pg_temp.shown(), 'a 2, aa 0, b 0, bb 2', 'the business counts in its new category');
delete from directory.categories where slug = 'zqm-aa';
select is(pg_temp.shown(), 'a 2, b 0, bb 2',
  'deleting a category whose count changes are pending leaves no count behind above it');
select directory_internal.fold_category_counts() is null as folded;
select is(pg_temp.shown(), 'a 2, b 0, bb 2', 'the fold after the delete changes nothing');

-- a further category goes, with the business still in it
insert into directory.categories (id, parent_id, slug, name)
values ('c7e57000-0000-4000-8000-000000000005', 'c7e57000-0000-4000-8000-000000000003', 'zqm-bc',
  'Zqm Bc');
insert into directory.business_categories (business_id, category_id)
values ('b7e57000-0000-4000-8000-000000000001', 'c7e57000-0000-4000-8000-000000000005');
select is(pg_temp.shown(), 'a 2, b 1, bb 2, bc 1', 'a further category counts the business');
select lives_ok(
  $$ delete from directory.categories where slug = 'zqm-bc' $$,
  'a category that is but a further one of a visible business can be deleted'
);
select is(pg_temp.shown(), 'a 2, b 0, bb 2', 'it leaves no count behind above it');
select directory_internal.fold_category_counts() is null as folded;
select is(pg_temp.shown(), 'a 2, b 0, bb 2', 'nor does the fold bring one back');
select is(directory_internal.recount_category_businesses(), 0,
  'a recount finds nothing wrong after all of it');

select throws_ok(
  $$ delete from directory.categories where slug = 'zqm-bb' $$,
  '23503', null,
  'a category that still has businesses can not be deleted'
);

select * from finish();
rollback;
